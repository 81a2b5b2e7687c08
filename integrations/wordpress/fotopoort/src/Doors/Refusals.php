<?php

declare(strict_types=1);

namespace Fotopoort\Doors;

use Fotopoort\Photos\Screened;
use Fotopoort\Photos\State;

/**
 * Says why a file did not come in, to whoever asked: WordPress itself answers 500 where a filter refuses.
 */
final class Refusals
{
    /** @var array<string, int> HTTP status by sentence, of this request */
    private array $statuses = [];

    public function register(): void
    {
        add_filter('rest_request_after_callbacks', [$this, 'answerRest'], 10, 1);
        add_filter('wp_die_handler', [$this, 'answerPage']);
    }

    /** The sentence for a file that may not come in; remembered for the answer's status. */
    public function refuse(Screened $screened): string
    {
        $sentence = $screened->sentence();
        $this->statuses[$sentence] = self::status($screened->state);
        return $sentence;
    }

    public static function status(?State $state): int
    {
        return $state === State::Away ? 503 : 422;
    }

    public function answerRest(mixed $response): mixed
    {
        $status = is_wp_error($response) ? ($this->statuses[$response->get_error_message()] ?? null) : null;
        if ($status === null) {
            return $response;
        }
        return new \WP_Error(
            $status === 503 ? 'fotopoort_away' : 'fotopoort_rejected',
            $response->get_error_message(),
            ['status' => $status]
        );
    }

    /** The form without JavaScript ends in wp_die(). */
    public function answerPage(callable $handler): callable
    {
        if ($this->statuses === []) {
            return $handler;
        }
        return function (mixed $message, mixed $title = '', mixed $arguments = []) use ($handler): void {
            $sentence = is_wp_error($message) ? $message->get_error_message() : (string) $message;
            foreach ($this->statuses as $refused => $status) {
                if (str_contains($sentence, $refused)) {
                    $arguments = ['response' => $status] + (is_array($arguments) ? $arguments : []);
                }
            }
            $handler($message, $title, $arguments);
        };
    }
}
