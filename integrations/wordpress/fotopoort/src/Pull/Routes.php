<?php

declare(strict_types=1);

namespace Fotopoort\Pull;

use Fotopoort\Plugin;

/**
 * What the school calls: it polls, takes photos, and brings what it says of them.
 */
final class Routes
{
    public const ROUTES = ['pair', 'poll', 'take', 'result', 'revoked'];

    public const POLLED = 'fotopoort_polled_at';   // the option with the time of the last poll
    public const MAX_WAIT = 20;                    // seconds

    private const PAUSE = 400_000;   // microseconds between two looks
    private const MINUTE = 60;

    /** @param \Closure(string, array<string, mixed>): void $tell what changed, as Fotopoort's webhooks tell it */
    public function __construct(
        private readonly School $school,
        private readonly Queue $queue,
        private readonly \Closure $tell,
        private readonly int $wait = self::MAX_WAIT,
    ) {
    }

    public function register(): void
    {
        add_action('rest_api_init', function (): void {
            foreach (self::ROUTES as $route) {
                register_rest_route(Plugin::NAMESPACE, "/pull/$route", [
                    'methods' => 'POST',
                    'callback' => fn(\WP_REST_Request $request): \WP_REST_Response => $this->respond($route, $request),
                    'permission_callback' => '__return_true',   // the signature is looked at in there
                ]);
            }
        });
        // A sealed photo is no JSON.
        add_filter('rest_pre_serve_request', static function (bool $isServed, \WP_HTTP_Response $response): bool {
            if ($isServed || !is_string($response->get_data()) || !isset($response->get_headers()['X-Fotopoort-Sealed'])) {
                return $isServed;
            }
            echo $response->get_data();   // phpcs:ignore -- bytes, and no page
            return true;
        }, 10, 2);
    }

    /**
     * @param array<string, mixed> $fields of the form
     * @return array<string, mixed>|string
     * @throws Refusal
     */
    public function answer(string $route, array $fields, ?string $rendition): array|string
    {
        $message = $this->school->read($route, $fields);
        switch ($route) {
            case 'pair':
                $paired = $this->school->pair($message);
                ($this->tell)('paired', ['pairing' => $paired['pairing']]);
                return $paired;
            case 'poll':
                return $this->poll((int) ($message['wait'] ?? 0));
            case 'take':
                return $this->queue->sealed($message['photo'] ?? null);
            case 'result':
                $raw = Base64::decode($fields['message']);
                $replaced = $this->queue->store($message, $raw, (string) $fields['signature'], $rendition);
                if ($replaced !== null) {
                    ($this->tell)('verdict.revoked', ['sha256' => $message['sha256'] ?? null, 'rendition_sha256' => $replaced]);
                }
                ($this->tell)('screening.done', ['sha256' => $message['sha256'] ?? null]);
                return ['stored' => true];
            default:
                $sha256 = (string) ($message['rendition_sha256'] ?? '');
                $id = $this->queue->find($sha256);
                $id === null || $this->queue->revoke($id, $sha256);
                ($this->tell)('verdict.revoked', ['sha256' => $message['sha256'] ?? null, 'rendition_sha256' => $sha256]);
                return ['revoked' => true];
        }
    }

    /** @return array<string, mixed> */
    private function poll(int $wait): array
    {
        $until = microtime(true) + min($wait, $this->wait);
        while (!$this->queue->hasWaiting() && microtime(true) < $until) {
            usleep(self::PAUSE);
            clearstatcache();
        }
        return ['photos' => $this->queue->waiting(), 'poll_after' => $this->wait === 0 ? 5 : 0];
    }

    private function respond(string $route, \WP_REST_Request $request): \WP_REST_Response
    {
        $files = $request->get_file_params();
        $file = is_array($files['rendition'] ?? null) ? (string) ($files['rendition']['tmp_name'] ?? '') : '';
        $rendition = is_uploaded_file($file) ? (string) file_get_contents($file) : null;
        try {
            $answer = $this->answer($route, $request->get_body_params(), $rendition);
            // The hour is all that is looked at, and polls come every few seconds.
            if (in_array($route, ['pair', 'poll'], true) && time() - (int) get_option(self::POLLED, 0) >= self::MINUTE) {
                update_option(self::POLLED, time(), false);
            }
        } catch (Refusal $refusal) {
            $said = ['code' => $refusal->reason, 'message' => $refusal->reason, 'data' => ['time' => time()]];
            return new \WP_REST_Response($said, $refusal->status);
        }
        $isSealed = is_string($answer);
        $headers = $isSealed ? ['Content-Type' => 'application/octet-stream', 'X-Fotopoort-Sealed' => '1'] : [];
        return new \WP_REST_Response($answer, 200, $headers + ['Cache-Control' => 'no-store']);
    }
}
