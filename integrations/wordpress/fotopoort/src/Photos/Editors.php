<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

/**
 * WordPress's own image editors, which tell the ledger what they made of what: sizes, crops and turns of a rendition are
 * cleared, those of anything else are not.
 */
final class Editors
{
    public static function register(): void
    {
        add_filter('wp_image_editors', [self::class, 'replace'], PHP_INT_MAX);
    }

    /**
     * @param string[] $editors
     * @return string[]
     */
    public static function replace(array $editors): array
    {
        $own = ['WP_Image_Editor_Imagick' => ImagickEditor::class, 'WP_Image_Editor_GD' => GdEditor::class];
        return array_map(static fn(string $editor): string => $own[$editor] ?? $editor, $editors);
    }
}
