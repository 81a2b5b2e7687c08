<?php

declare(strict_types=1);

namespace Fotopoort\Gate;

use Fotopoort\Settings;

/**
 * Fotopoort can be reached from this site: one request a question, with a key of the role cms.
 */
final class DirectTransport implements Transport
{
    /** Seconds beside the deadline, for the photo's way there. */
    private const MARGIN = 15;

    /** Bytes of an answer that are read: a rendition that was cut off has another hash. */
    private const LARGEST = 64 * 1024 * 1024;

    public function __construct(private readonly Settings $settings)
    {
    }

    public function submit(Submission $submission): Answer
    {
        $boundary = 'fotopoort-' . bin2hex(random_bytes(16));
        $fields = [
            'channel' => [$this->settings->channel()],
            'deadline' => [(string) Settings::DEADLINE],
            'text' => [$submission->text],
            'file_name' => [$submission->fileName],
            'reference' => [$submission->reference],
            'group' => $submission->groups,
        ];
        $body = '';
        foreach ($fields as $name => $values) {
            foreach (array_filter($values, static fn(string $value): bool => $value !== '') as $value) {
                $body .= "--$boundary\r\nContent-Disposition: form-data; name=\"$name\"\r\n\r\n$value\r\n";
            }
        }
        if ($submission->photo !== null) {
            // The name is told in its own field: what stands in a header would have to be escaped.
            $body .= "--$boundary\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"photo\"\r\n"
                . "Content-Type: application/octet-stream\r\n\r\n$submission->photo\r\n";
        }
        $headers = ['Content-Type' => "multipart/form-data; boundary=$boundary"];
        if ($submission->idempotencyKey !== '') {
            $headers['Idempotency-Key'] = $submission->idempotencyKey;
        }
        $response = $this->request('POST', '/v1/gate', $headers, "$body--$boundary--\r\n", Settings::DEADLINE);
        return $this->answer($response);
    }

    public function verdict(string $sha256): ?Answer
    {
        $query = rawurlencode($this->settings->channel());
        $response = $this->request('GET', "/v1/gate/$sha256?channel=$query");
        if ($response['status'] !== 404) {
            return $this->answer($response);
        }
        // Fotopoort's own word alone: a proxy that lost its way or a wrong address says 404 of everything.
        if ((self::error($response)['code'] ?? '') !== 'not_found') {
            throw new Unavailable();
        }
        return null;
    }

    public function rendition(Answer $answer): ?string
    {
        $rendition = $answer->rendition;
        // A path alone: the key goes nowhere but to Fotopoort.
        if ($rendition === null || !preg_match('~^/v1/[A-Za-z0-9_./-]+$~', $rendition['href'])) {
            return null;
        }
        $response = $this->request('GET', $rendition['href']);
        if ($response['status'] === 410) {
            return null;
        }
        $this->expect($response);
        $isJpeg = str_starts_with($response['body'], "\xFF\xD8\xFF");
        if (!$isJpeg || !hash_equals($rendition['sha256'], hash('sha256', $response['body']))) {
            throw new Unavailable();
        }
        return $response['body'];
    }

    /** @param array{status: int, body: string, retryAfter: int} $response */
    private function answer(array $response): Answer
    {
        $this->expect($response);
        return Answer::fromDocument(json_decode($response['body'], true), $response['retryAfter']);
    }

    /** @param array{status: int, body: string, retryAfter: int} $response */
    private function expect(array $response): void
    {
        $status = $response['status'];
        if (in_array($status, [200, 202], true)) {
            return;
        }
        if (in_array($status, [401, 403], true)) {
            throw new Unavailable('key');
        }
        $error = self::error($response);
        if ($status < 400 || $status >= 500 || in_array($status, [408, 429], true) || $error === null) {
            throw new Unavailable();
        }
        throw new Refused((string) ($error['code'] ?? ''), (string) ($error['message'] ?? ''));
    }

    /**
     * @param array{status: int, body: string, retryAfter: int} $response
     * @return ?array<string, mixed> what Fotopoort itself says is wrong; null where something else answered
     */
    private static function error(array $response): ?array
    {
        $document = json_decode($response['body'], true);
        return is_array($document) && is_array($document['error'] ?? null) ? $document['error'] : null;
    }

    /**
     * @param array<string, string> $headers
     * @return array{status: int, body: string, retryAfter: int}
     */
    private function request(string $method, string $path, array $headers = [], ?string $body = null, int $wait = 0): array
    {
        if (!$this->settings->isComplete()) {
            throw new Unavailable('settings');
        }
        $language = \Fotopoort\Texts::language();
        $arguments = [
            'method' => $method,
            'timeout' => $wait + self::MARGIN,
            'redirection' => 0,
            'limit_response_size' => self::LARGEST,
            'headers' => $headers + [
                'Authorization' => 'Bearer ' . $this->settings->key(),
                'Accept-Language' => $language,
            ],
            'body' => $body,
        ];
        if (defined('FOTOPOORT_CA')) {
            $arguments['sslcertificates'] = (string) constant('FOTOPOORT_CA');  // of a school's own authority
        }
        $response = wp_remote_request($this->settings->address() . $path, $arguments);
        if (is_wp_error($response)) {
            throw new Unavailable();
        }
        return [
            'status' => (int) wp_remote_retrieve_response_code($response),
            'body' => (string) wp_remote_retrieve_body($response),
            'retryAfter' => (int) wp_remote_retrieve_header($response, 'retry-after'),
        ];
    }
}
