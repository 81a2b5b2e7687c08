<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

use Fotopoort\Texts;

/**
 * What becomes of a file.
 */
final class Screened
{
    /** Names of files whose own names nobody looked at yet, and of what is made of them. */
    private const NEUTRAL = '/^(cropped-)?foto-[0-9a-f]{12}(-scaled|-rotated|-edited|-e?\d+)*\.\w+$/';

    /**
     * @param ?State $state null: it may stay as it is
     * @param ?string $bytes what takes its place; null: nothing does
     * @param array{nl: string, en: string} $sentence why
     * @param bool $isRead whether its name was looked at
     */
    public function __construct(
        public readonly ?State $state,
        public readonly ?string $bytes = null,
        public readonly ?int $photo = null,
        public readonly array $sentence = ['nl' => '', 'en' => ''],
        public readonly bool $isRead = true,
    ) {
    }

    public function sentence(): string
    {
        return $this->sentence[Texts::language()];
    }

    /**
     * The name under which it, or what takes its place, is placed. One that is made up never comes back: WordPress would give
     * a file the name of one that was taken away.
     */
    public function name(string $name): string
    {
        $named = $this->bytes === null ? $name : self::jpegName($name);
        return $this->isRead ? $named : 'foto-' . bin2hex(random_bytes(6)) . '.' . strtolower(pathinfo($named, PATHINFO_EXTENSION));
    }

    public static function isNeutral(string $path): bool
    {
        return preg_match(self::NEUTRAL, basename($path)) === 1;
    }

    /** Its name, when what takes its place is a JPEG. */
    public static function jpegName(string $name): string
    {
        return preg_match('/\.jpe?g$/i', $name) ? $name : (preg_replace('/\.[^.\/]*$/', '', $name) ?: 'photo') . '.jpg';
    }
}
