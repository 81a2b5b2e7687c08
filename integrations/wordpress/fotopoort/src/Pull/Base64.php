<?php

declare(strict_types=1);

namespace Fotopoort\Pull;

/**
 * base64url without padding, as the protocol has it.
 */
final class Base64
{
    public static function encode(string $bytes): string
    {
        return sodium_bin2base64($bytes, SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
    }

    /** @throws Refusal */
    public static function decode(mixed $text): string
    {
        try {
            return sodium_base642bin(is_string($text) ? $text : '', SODIUM_BASE64_VARIANT_URLSAFE_NO_PADDING);
        } catch (\SodiumException) {
            throw new Refusal(400, 'fotopoort_bad_message');
        }
    }
}
