<?php

declare(strict_types=1);

namespace Fotopoort\Admin;

use Fotopoort\Doors\Schedule;
use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Transport;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Photos\Files;
use Fotopoort\Photos\Hold;
use Fotopoort\Settings;
use Fotopoort\Texts;

/**
 * Tools → Site Health: whether the gate is shut and the school can be reached.
 */
final class SiteHealth
{
    private const LATE = 3600;   // seconds that the schedule, or the school that polls, may be behind

    public function __construct(
        private readonly Settings $settings,
        private readonly Transport $transport,
        private readonly Hold $hold,
        private readonly Files $files,
    ) {
    }

    public function register(): void
    {
        add_filter('site_status_tests', function (array $tests): array {
            $tests['direct']['fotopoort'] = ['label' => 'Fotopoort', 'test' => [$this, 'test']];
            return $tests;
        });
    }

    /** @return array<string, mixed> as WordPress wants it */
    public function test(): array
    {
        $stuck = $this->files->stuck();
        $problem = $stuck === [] ? $this->problem() : 'health_stuck';
        $concerns = array_keys(array_filter([
            'health_webhook' => !$this->settings->isPaired() && $this->settings->webhookKey() === '',
            'health_hold' => !$this->hold->isOutsideSite(),
            'health_temp' => str_starts_with((string) realpath(get_temp_dir()), (string) realpath(ABSPATH)),
            'health_cron' => Schedule::askedAt() > 0 && time() - Schedule::askedAt() > self::LATE,
        ]));
        $texts = $problem !== null ? [$problem, ...$concerns] : ($concerns ?: ['health_works']);
        return [
            'test' => 'fotopoort',
            'label' => Texts::get($problem !== null ? 'health_bad' : ($concerns ? 'health_better' : 'health_good')),
            'status' => $problem !== null ? 'critical' : ($concerns ? 'recommended' : 'good'),
            'badge' => ['label' => 'Fotopoort', 'color' => 'blue'],
            'description' => implode('', array_map(
                static fn(string $text): string => '<p>' . esc_html($text) . '</p>',
                [...array_map(Texts::get(...), array_slice($texts, 0, 1)), ...$stuck, ...array_map(Texts::get(...), array_slice($texts, 1))]
            )),
            'actions' => sprintf('<p><a href="%s">%s</a></p>', esc_url(SettingsPage::address()), esc_html(Texts::get('health_open'))),
        ];
    }

    private function problem(): ?string
    {
        if ($this->settings->isPaired()) {
            return time() - $this->settings->polledAt() > self::LATE ? 'health_silent' : null;
        }
        try {
            $this->transport->verdict(str_repeat('0', 64));
            return null;
        } catch (Unavailable $unavailable) {
            return "health_$unavailable->text";
        } catch (Refused) {
            return 'health_away';
        }
    }
}
