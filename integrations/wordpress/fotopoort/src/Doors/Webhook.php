<?php

declare(strict_types=1);

namespace Fotopoort\Doors;

use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Signature;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Photos\Ledger;
use Fotopoort\Photos\Photo;
use Fotopoort\Photos\Placement;
use Fotopoort\Photos\State;
use Fotopoort\Plugin;
use Fotopoort\Settings;

/**
 * Fotopoort's messages: a photo was looked at, or may not be seen any more. Nothing is believed without its signature.
 */
final class Webhook
{
    public const ROUTE = '/hook';

    private const LIMIT = 20480;  // bytes

    public function __construct(
        private readonly Settings $settings,
        private readonly Ledger $ledger,
        private readonly Placement $placement,
        private readonly Schedule $schedule,
    ) {
    }

    public function register(): void
    {
        add_action('rest_api_init', function (): void {
            register_rest_route(Plugin::NAMESPACE, self::ROUTE, [
                'methods' => 'POST',
                'callback' => [$this, 'receive'],
                'permission_callback' => [$this, 'isSigned'],
            ]);
        });
    }

    public function isSigned(\WP_REST_Request $request): bool|\WP_Error
    {
        $isSigned = strlen($request->get_body()) <= self::LIMIT && Signature::isValid(
            $this->settings->webhookKey(),
            (string) $request->get_header('webhook-id'),
            (string) $request->get_header('webhook-timestamp'),
            (string) $request->get_header('webhook-signature'),
            $request->get_body(),
            time(),
        );
        return $isSigned ?: new \WP_Error('fotopoort_signature', 'The signature does not fit.', ['status' => 401]);
    }

    public function receive(\WP_REST_Request $request): \WP_REST_Response|\WP_Error
    {
        $message = json_decode($request->get_body(), true);
        $data = is_array($message) && is_array($message['data'] ?? null) ? $message['data'] : [];
        $isOurs = ($data['channel'] ?? $this->settings->channel()) === $this->settings->channel();
        try {
            $this->act($isOurs ? (string) ($message['type'] ?? '') : '', $data);
        } catch (Unavailable | Refused) {
            // It is sent again, and asked about by the schedule as well.
            return new \WP_Error('fotopoort_away', 'Fotopoort does not answer.', ['status' => 503]);
        }
        return new \WP_REST_Response(null, 204);
    }

    /**
     * @param array<string, mixed> $data
     * @throws Unavailable
     * @throws Refused
     */
    public function act(string $type, array $data): void
    {
        match ($type) {
            'verdict.revoked' => $this->revoke($data),
            'screening.done', 'review.needed' => $this->settle($data),
            default => null,   // of another time
        };
    }

    /** @param array<string, mixed> $data */
    private function revoke(array $data): void
    {
        foreach ($this->photos($data) as $photo) {
            $isMeant = ($data['rendition_sha256'] ?? $photo->rendition) === $photo->rendition;
            if ($photo->state === State::Cleared && $isMeant) {
                $this->placement->revoke($photo);
                $this->schedule->replace($photo);
            }
        }
    }

    /** @param array<string, mixed> $data */
    private function settle(array $data): void
    {
        foreach ($this->photos($data) as $photo) {
            match ($photo->state) {
                State::Waiting => $this->schedule->askAgain($photo),
                State::Cleared, State::Revoked => $this->schedule->replace($photo),
                default => null,
            };
        }
    }

    /**
     * @param array<string, mixed> $data
     * @return Photo[]
     */
    private function photos(array $data): array
    {
        $photos = [];
        foreach (['sha256', 'rendition_sha256'] as $field) {
            foreach (is_string($data[$field] ?? null) ? $this->ledger->ofBytes($data[$field]) : [] as $photo) {
                $photos[$photo->id] = $photo;
            }
        }
        return $photos;
    }
}
