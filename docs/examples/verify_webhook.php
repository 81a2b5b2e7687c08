<?php
/**
 * Verify what Fotopoort tells: PHP 8.1 or newer, with sodium (it comes with PHP), and the key that
 * `fotopoort webhooks key` shows.
 *
 * Give it the body as it came, `file_get_contents('php://input')`, before it is parsed.
 *
 * @param string                $public_key `whpk_…`.
 * @param array<string, string> $headers    By name in small letters.
 * @return string|null The message's id, if Fotopoort sent it within the last five minutes; null: refuse it with 401.
 */
function fotopoort_verified(string $public_key, array $headers, string $body, ?int $now = null): ?string
{
    $id = $headers['webhook-id'] ?? '';
    $timestamp = $headers['webhook-timestamp'] ?? '';
    if (!preg_match('/\A[0-9]{1,11}\z/', $timestamp) || abs(($now ?? time()) - (int) $timestamp) > 300) {
        return null;
    }
    $key = base64_decode(substr($public_key, strlen('whpk_')), true);
    foreach (explode(' ', $headers['webhook-signature'] ?? '') as $signature) {
        [$version, $encoded] = explode(',', $signature, 2) + ['', ''];
        $decoded = base64_decode($encoded, true);
        if ($version === 'v1a' && is_string($decoded) && strlen($decoded) === SODIUM_CRYPTO_SIGN_BYTES
            && sodium_crypto_sign_verify_detached($decoded, "$id.$timestamp.$body", $key)) {
            return $id;
        }
    }
    return null;
}
