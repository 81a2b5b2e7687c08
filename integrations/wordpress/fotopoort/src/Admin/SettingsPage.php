<?php

declare(strict_types=1);

namespace Fotopoort\Admin;

use Fotopoort\Doors\Backlog;
use Fotopoort\Doors\Webhook;
use Fotopoort\Photos\Kind;
use Fotopoort\Plugin;
use Fotopoort\Settings;
use Fotopoort\Texts;

/**
 * Settings → Fotopoort: one form, and the button that has the library looked at.
 */
final class SettingsPage
{
    private const PAGE = 'fotopoort';
    private const SAVE = 'fotopoort_save';
    private const SCREEN = 'fotopoort_backlog_action';
    private const PROGRESS = 'fotopoort_progress';

    public function __construct(
        private readonly Settings $settings,
        private readonly Backlog $backlog,
    ) {
    }

    public static function address(): string
    {
        return admin_url('options-general.php?page=' . self::PAGE);
    }

    public function register(): void
    {
        add_action('admin_menu', function (): void {
            add_options_page('Fotopoort', 'Fotopoort', 'manage_options', self::PAGE, [$this, 'show']);
        });
        add_filter('plugin_action_links_' . plugin_basename(\Fotopoort\FILE), static fn(array $links): array => [
            sprintf('<a href="%s">%s</a>', esc_url(self::address()), esc_html(__('Settings'))),
            ...$links,
        ]);
        add_action('admin_post_' . self::SAVE, [$this, 'save']);
        add_action('admin_post_' . self::SCREEN, [$this, 'screen']);
        add_action('wp_ajax_' . self::PROGRESS, [$this, 'progress']);
    }

    public function save(): void
    {
        $this->allow(self::SAVE);
        $form = wp_unslash((array) ($_POST['fotopoort'] ?? [])); // phpcs:ignore -- checked in allow(), cleaned field by field
        $text = static fn(string $name): string => sanitize_text_field((string) ($form[$name] ?? ''));
        $address = untrailingslashit(esc_url_raw($text('address'), ['http', 'https']));
        $isAddressRight = $text('address') === '' || self::isSafe($address);
        $groups = [];
        foreach ((array) ($form['groups'] ?? []) as $row => $names) {
            if (preg_match('/^(category|author):\d+$/D', (string) $row) && trim((string) $names) !== '') {
                $groups[$row] = sanitize_text_field((string) $names);
            }
        }
        $before = $this->settings->all();
        update_option(Settings::OPTION, [
            'address' => $isAddressRight && isset($form['address']) ? $address : $before['address'],
            'key' => $text('key') !== '' ? $text('key') : $before['key'],
            'channel' => sanitize_key($text('channel')) ?: 'website',
            'webhook_key' => $text('webhook_key'),
            'kinds' => array_values(array_intersect(array_column(Kind::CHOICES, 'value'), (array) ($form['kinds'] ?? []))),
            'groups' => $groups,
        ], true);
        wp_safe_redirect(add_query_arg('told', $isAddressRight ? 'saved' : 'address_wrong', self::address()));
        exit;
    }

    public function screen(): void
    {
        $this->allow(self::SCREEN);
        isset($_POST['stop']) ? $this->backlog->stop() : $this->backlog->start(); // phpcs:ignore -- checked in allow()
        wp_safe_redirect(self::address() . '#fotopoort-backlog');
        exit;
    }

    /** Asked by the page while it is open, which then does the work that wp-cron would. */
    public function progress(): void
    {
        check_ajax_referer(self::PROGRESS);
        current_user_can('manage_options') || wp_die('', '', ['response' => 403]);
        $this->backlog->resume();
        if ($this->backlog->state() === 'running') {
            $this->backlog->step();
        }
        wp_send_json($this->progressShown());
    }

    public function show(): void
    {
        current_user_can('manage_options') || wp_die('', '', ['response' => 403]);
        $values = $this->settings->all();
        $told = sanitize_key($_GET['told'] ?? ''); // phpcs:ignore -- it only says what is shown
        $isKeyFixed = defined('FOTOPOORT_KEY');
        $fixedAddress = defined('FOTOPOORT_ADDRESS') ? $this->settings->address() : null;
        $categories = get_categories(['hide_empty' => false]);
        $authors = get_users(['capability' => 'edit_posts', 'fields' => ['ID', 'display_name'], 'number' => 200]);
        $hook = rest_url(Plugin::NAMESPACE . Webhook::ROUTE);
        $progress = $this->progressShown();
        require \Fotopoort\FOLDER . '/src/Admin/settings-page.php';
    }

    /** The key goes over the line: only where nobody listens. */
    private static function isSafe(string $address): bool
    {
        $host = (string) wp_parse_url($address, PHP_URL_HOST);
        $isHere = in_array($host, ['localhost', '127.0.0.1', '[::1]'], true);
        return $host !== '' && (str_starts_with($address, 'https://') || $isHere);
    }

    /** @return array{state: string, share: float, text: string} */
    private function progressShown(): array
    {
        $progress = $this->backlog->progress();
        $done = max(0, $progress['total'] - $progress['left']);
        $text = match ($progress['state']) {
            'done' => Texts::get('backlog_done'),
            'away' => Texts::get('backlog_away'),
            'running', 'stopped' => sprintf(Texts::get('backlog_left'), $done, $progress['total']),
            default => $progress['left'] === 0 ? Texts::get('backlog_done') : sprintf(Texts::get('backlog_none'), $progress['left']),
        };
        return ['state' => $progress['state'], 'share' => $progress['total'] ? $done / $progress['total'] : 1.0, 'text' => $text];
    }

    private function allow(string $action): void
    {
        check_admin_referer($action);
        current_user_can('manage_options') || wp_die('', '', ['response' => 403]);
    }
}
