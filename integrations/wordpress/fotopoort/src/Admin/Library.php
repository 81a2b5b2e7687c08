<?php

declare(strict_types=1);

namespace Fotopoort\Admin;

use Fotopoort\Doors\Schedule;
use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Photos\Ledger;
use Fotopoort\Photos\State;
use Fotopoort\Texts;

/**
 * The media library says of each photo how it stands and why, and shows those of one state.
 */
final class Library
{
    private const QUERY = 'fotopoort';
    private const ACTION = 'fotopoort_ask_again';

    public function __construct(private readonly Ledger $ledger, private readonly Schedule $schedule)
    {
    }

    public function register(): void
    {
        add_filter('manage_media_columns', static fn(array $columns): array => $columns + ['fotopoort' => 'Fotopoort']);
        add_action('manage_media_custom_column', [$this, 'showCell'], 10, 2);
        add_action('restrict_manage_posts', [$this, 'showFilter']);
        add_filter('posts_where', [$this, 'applyFilter'], 10, 2);
        add_filter('attachment_fields_to_edit', [$this, 'showField'], 10, 2);
        add_action('admin_head', static function (): void {
            echo '<style>.column-fotopoort{width:22%}.fotopoort-state{font-weight:600}.fotopoort-state.is-refused,'
                . '.fotopoort-state.is-revoked{color:#b32d2e}.fotopoort-state.is-waiting,.fotopoort-state.is-away{color:#8a5a00}'
                . '.fotopoort-state.is-cleared{color:#007017}.fotopoort-why{margin:.25em 0 0}</style>';
        });
        add_action('admin_post_' . self::ACTION, [$this, 'askAgain']);
    }

    public function showCell(string $column, int $attachment): void
    {
        if ($column === 'fotopoort') {
            echo $this->cell($attachment); // phpcs:ignore -- escaped where it is made
        }
    }

    /**
     * In the details of a photo, and in the editor's media window.
     *
     * @param array<string, mixed> $fields
     * @return array<string, mixed>
     */
    public function showField(array $fields, \WP_Post $attachment): array
    {
        return $fields + ['fotopoort' => ['label' => 'Fotopoort', 'input' => 'html', 'html' => $this->cell($attachment->ID)]];
    }

    public function showFilter(string $type): void
    {
        if ($type !== 'attachment') {
            return;
        }
        $chosen = $this->chosen();
        printf('<select name="%s" aria-label="Fotopoort">', esc_attr(self::QUERY));
        printf('<option value="">%s</option>', esc_html(Texts::get('filter_all')));
        foreach ([...array_column(State::cases(), 'value'), 'none'] as $state) {
            $attribute = selected($chosen, $state, false);
            printf('<option value="%s"%s>%s</option>', esc_attr($state), $attribute, esc_html(Texts::get("state_$state"))); // phpcs:ignore
        }
        echo '</select>';
    }

    public function applyFilter(string $where, \WP_Query $query): string
    {
        $chosen = is_admin() && $query->is_main_query() && $query->get('post_type') === 'attachment' ? $this->chosen() : '';
        $state = State::tryFrom($chosen);
        return $state === null && $chosen !== 'none' ? $where : "$where AND {$this->ledger->condition($state)}";
    }

    public function askAgain(): void
    {
        $attachment = (int) ($_GET['attachment'] ?? 0); // phpcs:ignore -- the nonce is of this number
        check_admin_referer(self::ACTION . $attachment);
        current_user_can('edit_post', $attachment) || wp_die('', '', ['response' => 403]);
        $photo = $this->ledger->ofAttachment($attachment);
        try {
            $photo !== null && $photo->held !== null && $this->schedule->askAgain($photo);
        } catch (Unavailable | Refused) {
            // The column says so.
        }
        wp_safe_redirect(wp_get_referer() ?: admin_url('upload.php?mode=list'));
        exit;
    }

    private function cell(int $attachment): string
    {
        $photo = $this->ledger->ofAttachment($attachment);
        if ($photo === null) {
            $isPhoto = wp_attachment_is_image($attachment);
            return $isPhoto ? '<span class="fotopoort-state">' . esc_html(Texts::get('state_none')) . '</span>' : '—';
        }
        $html = sprintf(
            '<span class="fotopoort-state is-%s">%s</span>',
            esc_attr($photo->state->value),
            esc_html(Texts::get("state_{$photo->state->value}"))
        );
        if ($photo->state !== State::Cleared) {
            $html .= sprintf('<p class="fotopoort-why">%s</p>', esc_html($photo->sentence()));
        }
        $links = [];
        if ($photo->review !== null && $photo->state === State::Waiting) {
            $links[Texts::get('review')] = $photo->review;
        }
        if ($photo->held !== null && current_user_can('edit_post', $attachment)) {
            $url = admin_url('admin-post.php?action=' . self::ACTION . "&attachment=$attachment");
            $links[Texts::get('ask_again')] = wp_nonce_url($url, self::ACTION . $attachment);
        }
        foreach ($links as $label => $url) {
            $html .= sprintf('<p class="fotopoort-why"><a href="%s">%s</a></p>', esc_url($url), esc_html($label));
        }
        return $html;
    }

    private function chosen(): string
    {
        return sanitize_key($_GET[self::QUERY] ?? ''); // phpcs:ignore -- it only says what is shown
    }
}
