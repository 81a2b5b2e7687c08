<?php

declare(strict_types=1);

namespace Fotopoort\Pull;

/**
 * The school this site is paired with: its public keys, and whether a message is the school's.
 */
final class School
{
    public const TOLERANCE = 300;      // seconds that clocks may differ
    public const CODE_SECONDS = 900;   // that a code is good for

    private const SIGNED = "fotopoort pull 1\n";
    private const LIMIT = 44000;

    public function __construct(private readonly Folder $folder)
    {
    }

    /** What both sides show; null: paired with none. */
    public function pairing(): ?string
    {
        $school = $this->folder->state('school');
        return $school === null ? null : (string) $school['pairing'];
    }

    /** A new code for `fotopoort pull pair`; an earlier one holds no more. */
    public function code(string $address): string
    {
        $secret = random_bytes(20);
        $this->folder->setState('code', ['secret' => bin2hex($secret), 'until' => time() + self::CODE_SECONDS]);
        $content = $secret . $address;
        return 'fp1.' . Base64::encode($content . substr(hash('sha256', $content, true), 0, 4));
    }

    public function forget(): void
    {
        $this->folder->remove('school.php');
        $this->folder->remove('code.php');
    }

    public function seal(string $content): string
    {
        $school = $this->folder->state('school') ?? throw new Refusal(503, 'fotopoort_unknown_pairing');
        return sodium_crypto_box_seal($content, Base64::decode($school['box_key']));
    }

    /**
     * The message, if it is the school's and was not there before.
     *
     * @param array<string, mixed> $fields of the form
     * @return array<string, mixed>
     * @throws Refusal
     */
    public function read(string $route, array $fields): array
    {
        [$raw, $signature] = [$fields['message'] ?? '', Base64::decode($fields['signature'] ?? '')];
        if (!is_string($raw) || strlen($raw) > self::LIMIT) {
            throw new Refusal(400, 'fotopoort_bad_message');
        }
        $raw = Base64::decode($raw);
        $message = json_decode($raw, true, 32);
        if (!is_array($message) || !is_int($message['time'] ?? null) || !is_int($message['sequence'] ?? null)) {
            throw new Refusal(400, 'fotopoort_bad_message');
        }
        $school = $this->folder->state('school');
        $isPairing = $route === 'pair';
        if (!$isPairing && ($school === null || ($message['pairing'] ?? '') !== $school['pairing'])) {
            throw new Refusal(403, 'fotopoort_unknown_pairing');
        }
        if (!self::isSigned($raw, $signature, Base64::decode($isPairing ? $message['sign_key'] ?? '' : $school['sign_key']))) {
            throw new Refusal(403, 'fotopoort_bad_signature');
        }
        if (($message['v'] ?? 0) !== 1 || ($message['route'] ?? '') !== $route) {
            throw new Refusal(400, 'fotopoort_bad_message');
        }
        if (abs($message['time'] - time()) > self::TOLERANCE) {
            throw new Refusal(403, 'fotopoort_clock');
        }
        $isPairing || $this->folder->alone(function () use ($message): void {
            $school = $this->folder->state('school') ?? throw new Refusal(403, 'fotopoort_unknown_pairing');
            if ($message['sequence'] <= $school['sequence']) {
                throw new Refusal(409, 'fotopoort_replayed');
            }
            $this->folder->setState('school', ['sequence' => $message['sequence']] + $school);
        });
        return $message;
    }

    /** @return ?array<string, mixed> what the school signed, as it was stored; null where it is not the school's */
    public function verified(string $raw, string $signature): ?array
    {
        $school = $this->folder->state('school');
        $isTheirs = $school !== null && self::isSigned($raw, $signature, Base64::decode($school['sign_key']));
        $message = $isTheirs ? json_decode($raw, true, 32) : null;
        return is_array($message) ? $message : null;
    }

    /**
     * @param array<string, mixed> $message
     * @return array<string, string>
     * @throws Refusal
     */
    public function pair(array $message): array
    {
        [$sign, $box] = [Base64::decode($message['sign_key'] ?? ''), Base64::decode($message['box_key'] ?? '')];
        if (strlen($sign) !== SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES || strlen($box) !== SODIUM_CRYPTO_BOX_PUBLICKEYBYTES) {
            throw new Refusal(400, 'fotopoort_bad_message');
        }
        return $this->folder->alone(function () use ($message, $sign, $box): array {
            $code = $this->folder->state('code');
            $secret = $code === null ? '' : (string) hex2bin($code['secret']);
            $proof = hash_hmac('sha256', "fotopoort pair school\n" . $sign . $box, $secret, true);
            if ($code === null || $code['until'] < time() || !hash_equals($proof, Base64::decode($message['proof'] ?? ''))) {
                throw new Refusal(403, 'fotopoort_bad_code');
            }
            $this->folder->remove('code.php');
            $pairing = substr(hash('sha256', $sign), 0, 16);
            $keys = ['sign_key' => $message['sign_key'], 'box_key' => $message['box_key']];
            $this->folder->setState('school', $keys + ['pairing' => $pairing, 'sequence' => $message['sequence']]);
            $answer = hash_hmac('sha256', "fotopoort pair hoster\n" . $sign . $box, $secret, true);
            return ['pairing' => $pairing, 'proof' => Base64::encode($answer)];
        });
    }

    private static function isSigned(string $raw, string $signature, string $key): bool
    {
        return strlen($key) === SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES
            && strlen($signature) === SODIUM_CRYPTO_SIGN_BYTES
            && sodium_crypto_sign_verify_detached($signature, self::SIGNED . $raw, $key);
    }
}
