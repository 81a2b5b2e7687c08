<?php

declare(strict_types=1);

namespace Fotopoort\Gate;

/**
 * The signature of a message by the Standard Webhooks specification, v1a (ed25519): what this site holds forges nothing.
 */
final class Signature
{
    /** Seconds that a message's time may differ from ours. */
    public const TOLERANCE = 300;

    /**
     * @param string $key the sender's public key: whpk_ and base64
     * @param string $signatures the header: signatures with a space between them, of which one must be right
     */
    public static function isValid(string $key, string $id, string $timestamp, string $signatures, string $body, int $now): bool
    {
        $public = base64_decode(str_starts_with($key, 'whpk_') ? substr($key, 5) : $key, true);
        if ($public === false || strlen($public) !== SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES) {
            return false;
        }
        if ($id === '' || str_contains($id, '.') || !preg_match('/^\d{1,12}$/D', $timestamp)) {
            return false;
        }
        if (abs($now - (int) $timestamp) > self::TOLERANCE) {
            return false;
        }
        foreach (array_slice(explode(' ', $signatures), 0, 10) as $entry) {
            [$version, $encoded] = [...explode(',', $entry, 2), ''];
            $signature = $version === 'v1a' ? base64_decode($encoded, true) : false;
            if (
                $signature !== false
                && strlen($signature) === SODIUM_CRYPTO_SIGN_BYTES
                && sodium_crypto_sign_verify_detached($signature, "$id.$timestamp.$body", $public)
            ) {
                return true;
            }
        }
        return false;
    }
}
