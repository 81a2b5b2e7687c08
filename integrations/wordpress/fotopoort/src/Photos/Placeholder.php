<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

use Fotopoort\Texts;

/**
 * What stands in a photo's place while it waits: a picture of nobody, of the photo's own shape.
 */
final class Placeholder
{
    private const LONGEST = 1600;

    /** @return string a JPEG that no other photo's placeholder equals, so that it tells which photo it stands for */
    public static function bytes(string $photo): string
    {
        $drawn = (string) file_get_contents(\Fotopoort\FOLDER . '/assets/placeholder-' . Texts::language() . '.jpg');
        $size = @getimagesizefromstring($photo);
        if ($size !== false && $size[0] > 0 && $size[1] > 0 && function_exists('imagecreatefromstring')) {
            $drawn = self::shaped($drawn, $size[0], $size[1]) ?? $drawn;
        }
        $comment = 'placeholder ' . bin2hex(random_bytes(16));
        // Behind the first marker: a comment segment, with its length.
        return substr($drawn, 0, 2) . "\xFF\xFE" . pack('n', strlen($comment) + 2) . $comment . substr($drawn, 2);
    }

    /** The drawing in the middle of a field of the photo's proportions: sizes made of it have the names they will have. */
    private static function shaped(string $drawn, int $width, int $height): ?string
    {
        $scale = min(1, self::LONGEST / max($width, $height));
        [$width, $height] = [max(1, (int) round($width * $scale)), max(1, (int) round($height * $scale))];
        $drawing = imagecreatefromstring($drawn);
        $field = imagecreatetruecolor($width, $height);
        if ($drawing === false || $field === false) {
            return null;
        }
        imagefill($field, 0, 0, (int) imagecolorat($drawing, 0, 0));
        $fit = min($width / imagesx($drawing), $height / imagesy($drawing));
        [$w, $h] = [(int) (imagesx($drawing) * $fit), (int) (imagesy($drawing) * $fit)];
        $left = intdiv($width - $w, 2);
        $top = intdiv($height - $h, 2);
        imagecopyresampled($field, $drawing, $left, $top, 0, 0, $w, $h, imagesx($drawing), imagesy($drawing));
        ob_start();
        imagejpeg($field, null, 80);
        return (string) ob_get_clean();
    }
}
