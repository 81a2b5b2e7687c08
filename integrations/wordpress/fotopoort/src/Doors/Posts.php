<?php

declare(strict_types=1);

namespace Fotopoort\Doors;

use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Submission;
use Fotopoort\Gate\Transport;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Photos\Context;
use Fotopoort\Photos\Ledger;
use Fotopoort\Photos\State;
use Fotopoort\Settings;
use Fotopoort\Texts;

/**
 * Texts are asked about when they are published: of a post, and of the photos in it. A draft is nobody's business.
 */
final class Posts
{
    /** Meta of a user: the sentence to be shown on the next page, where the request itself could not show it. */
    public const NOTICE = '_fotopoort_notice';

    private const FIELDS = ['post_title', 'post_excerpt', 'post_content'];
    private const SHOWN = ['publish', 'future'];
    private const NOT_TEXT = ['attachment', 'revision', 'nav_menu_item', 'custom_css', 'customize_changeset', 'oembed_cache',
        'user_request', 'wp_global_styles', 'wp_font_family', 'wp_font_face'];

    public function __construct(
        private readonly Settings $settings,
        private readonly Transport $transport,
        private readonly Ledger $ledger,
    ) {
    }

    public function register(): void
    {
        add_action('rest_api_init', function (): void {
            foreach (array_diff(get_post_types(['show_in_rest' => true]), self::NOT_TEXT) as $type) {
                add_filter("rest_pre_insert_$type", [$this, 'beforeRest'], PHP_INT_MAX, 2);
            }
        });
        add_filter('rest_request_before_callbacks', [$this, 'beforeRestMedia'], 10, 3);
        add_filter('wp_insert_post_data', [$this, 'beforeInsert'], PHP_INT_MAX, 2);
        add_filter('wp_insert_attachment_data', [$this, 'beforeAttachment'], PHP_INT_MAX, 2);
        add_filter('update_post_metadata', [$this, 'beforeAlt'], 10, 4);
        add_action('transition_post_status', [$this, 'whenShown'], 1, 3);
        add_action('admin_notices', [$this, 'showNotice']);
    }

    /** The editor and the REST interface: the request ends with the sentence, and nothing is saved. */
    public function beforeRest(mixed $prepared, \WP_REST_Request $request): mixed
    {
        if (is_wp_error($prepared)) {
            return $prepared;
        }
        $existing = empty($prepared->ID) ? null : get_post((int) $prepared->ID);
        $status = $prepared->post_status ?? $existing?->post_status ?? '';
        if (!in_array($status, self::SHOWN, true)) {
            return $prepared;
        }
        $field = static fn(string $name): string => (string) ($prepared->$name ?? $existing?->$name ?? '');
        $parts = $this->parts(array_map($field, self::FIELDS), (int) ($request['featured_media'] ?? 0));
        $refusal = $this->refusal($parts, Context::ofPost((int) ($prepared->ID ?? 0), get_current_user_id()));
        return $refusal === null ? $prepared : self::error($refusal);
    }

    /** What a photo's title, alt text, caption and description say, before it is uploaded or changed. */
    public function beforeRestMedia(mixed $response, mixed $handler, \WP_REST_Request $request): mixed
    {
        $isChange = in_array($request->get_method(), ['POST', 'PUT', 'PATCH'], true);
        $isMedia = preg_match('~^/wp/v2/media(/\d+)?(/edit)?$~', $request->get_route());
        if (is_wp_error($response) || !$isChange || !$isMedia || !current_user_can('upload_files')) {
            return $response;
        }
        $texts = [];
        foreach (['title', 'alt_text', 'caption', 'description'] as $name) {
            $text = $request[$name];
            $texts[] = (string) (is_array($text) ? ($text['raw'] ?? '') : $text);
        }
        $refusal = $this->refusal([self::plain(implode("\n", array_filter($texts)))], Context::ofRequest());
        return $refusal === null ? $response : self::error($refusal);
    }

    /**
     * All other ways to save a post. A new one waits as "pending"; one that is shown keeps the text that it has.
     *
     * @param array<string, mixed> $data slashed
     * @param array<string, mixed> $post slashed
     * @return array<string, mixed>
     */
    public function beforeInsert(array $data, array $post): array
    {
        if (!in_array($data['post_status'], self::SHOWN, true) || in_array($data['post_type'], self::NOT_TEXT, true)) {
            return $data;
        }
        $texts = array_map(static fn(string $field): string => (string) wp_unslash($data[$field] ?? ''), self::FIELDS);
        $id = (int) ($post['ID'] ?? 0);
        $refusal = $this->refusal($this->parts($texts), Context::ofPost($id, (int) $data['post_author']));
        if ($refusal === null) {
            return $data;
        }
        self::notify($refusal[1]);
        $existing = $id > 0 ? get_post($id) : null;
        if ($existing === null || !in_array($existing->post_status, self::SHOWN, true)) {
            return ['post_status' => 'pending'] + $data;
        }
        _wp_put_post_revision(wp_unslash(['ID' => $id] + $data), true);  // what was written is not lost
        return self::textsOf($existing) + $data;
    }

    /**
     * @param array<string, mixed> $data slashed
     * @param array<string, mixed> $post slashed
     * @return array<string, mixed>
     */
    public function beforeAttachment(array $data, array $post): array
    {
        $existing = empty($post['ID']) ? null : get_post((int) $post['ID']);
        $texts = [];
        foreach (self::FIELDS as $field) {
            $text = (string) wp_unslash($data[$field] ?? '');
            $texts[] = $existing !== null && $existing->$field !== $text ? $text : '';
        }
        $texts = array_filter($texts);
        if ($existing === null || $texts === []) {
            return $data;   // of a new one, the file's name was judged with the photo
        }
        $refusal = $this->refusal([self::plain(implode("\n", $texts))], Context::ofAttachment($existing->ID));
        if ($refusal === null) {
            return $data;
        }
        self::notify($refusal[1]);
        return self::textsOf($existing) + $data;
    }

    public function beforeAlt(mixed $decided, int $post, string $key, mixed $value): mixed
    {
        if ($key !== '_wp_attachment_image_alt' || $decided !== null || !is_string($value)) {
            return $decided;
        }
        $refusal = $this->refusal([self::plain($value)], Context::ofAttachment($post));
        if ($refusal === null) {
            return $decided;
        }
        self::notify($refusal[1]);
        return false;
    }

    /** A planned post whose moment has come: much can have changed since it was planned. */
    public function whenShown(string $new, string $old, \WP_Post $post): void
    {
        global $wpdb;
        if ($new !== 'publish' || $old === 'publish' || in_array($post->post_type, self::NOT_TEXT, true)) {
            return;
        }
        $texts = array_map(static fn(string $field): string => $post->$field, self::FIELDS);
        $parts = $this->parts($texts, (int) get_post_thumbnail_id($post));
        $refusal = $this->refusal($parts, Context::ofPost($post->ID, (int) $post->post_author));
        if ($refusal !== null) {
            $wpdb->update($wpdb->posts, ['post_status' => 'pending'], ['ID' => $post->ID]);
            clean_post_cache($post->ID);
            self::notify($refusal[1], (int) $post->post_author);
        }
    }

    public function showNotice(): void
    {
        $user = get_current_user_id();
        $sentence = (string) get_user_meta($user, self::NOTICE, true);
        if ($sentence !== '') {
            delete_user_meta($user, self::NOTICE);
            printf('<div class="notice notice-error"><p><strong>Fotopoort</strong>: %s</p></div>', esc_html($sentence));
        }
    }

    /**
     * @param string[] $parts
     * @return ?array{State, string} why the texts may not be shown
     */
    private function refusal(array $parts, Context $context): ?array
    {
        $parts = array_values(array_filter(array_unique($parts)));
        if (array_filter($parts, fn(string $part): bool => !$this->ledger->isTextCleared($part)) === []) {
            return null;
        }
        // The whole text, also where part of it is known: of an article, what is sent last is what counts.
        $groups = $this->settings->groups($context->categories, $context->author);
        try {
            $answer = $this->transport->submit(new Submission(null, '', implode("\n", $parts), $groups, $context->reference));
        } catch (Unavailable $unavailable) {
            $text = $unavailable->text === 'away' ? 'away_text' : $unavailable->text;
            return [State::Away, Texts::get($text)];
        } catch (Refused $refused) {
            return [State::Refused, Texts::with('refused_text', $refused->getMessage())[Texts::language()]];
        }
        if ($answer->text === null) {
            return [State::Away, Texts::get('away_text')];
        }
        if ($answer->text['outcome'] === 'publish') {
            array_map($this->ledger->clearText(...), $parts);
            return null;
        }
        $sentence = $answer->text['message'][Texts::language()];
        return [State::Refused, $sentence !== '' ? $sentence : Texts::get('text')];
    }

    /**
     * @param string[] $texts of FIELDS
     * @param int $featured id of the image beside the content; 0: none
     * @return string[] what can be read of a post, and of each photo in it, apart
     */
    private function parts(array $texts, int $featured = 0): array
    {
        [, , $content] = $texts;
        preg_match_all('/\bwp-image-(\d+)\b|"(?:id|mediaId)":(\d+)/', $content, $found);
        $parts = [self::plain(implode("\n", $texts))];
        foreach (array_unique(array_filter(array_map('intval', [...$found[1], ...$found[2], $featured]))) as $image) {
            $attachment = get_post($image);
            if ($attachment !== null && $attachment->post_type === 'attachment') {
                $alt = (string) get_post_meta($image, '_wp_attachment_image_alt', true);
                $texts = [$attachment->post_title, $alt, $attachment->post_excerpt, $attachment->post_content];
                $parts[] = self::plain(implode("\n", array_filter($texts)));
            }
        }
        return $parts;
    }

    /** @return array<string, string> the texts that a post has, slashed, by field */
    private static function textsOf(\WP_Post $post): array
    {
        return array_map(static fn(string $field): string => wp_slash($post->$field), array_combine(self::FIELDS, self::FIELDS));
    }

    /** What people read, or have read to them: the text, and what stands in attributes and in the settings of blocks. */
    private static function plain(string $html): string
    {
        preg_match_all('/\b(?:alt|title|aria-label|placeholder)\s*=\s*("[^"]*"|\'[^\']*\')/i', $html, $attributes);
        preg_match_all('/"(?:alt|title|caption|text|label|content|description)"\s*:\s*("(?:[^"\\\\]|\\\\.)*")/', $html, $settings);
        $texts = array_map(static fn(string $value): string => trim($value, "\"'"), $attributes[1]);
        foreach ($settings[1] as $value) {
            $texts[] = (string) json_decode($value);
        }
        $text = preg_replace('~<(br|/?(p|div|li|h[1-6]|td|th|tr|figcaption|figure|blockquote))\b~i', "\n<", $html) ?? $html;
        $text = implode("\n", [wp_strip_all_tags($text), ...$texts]);
        $text = html_entity_decode($text, ENT_QUOTES | ENT_HTML5, 'UTF-8');
        return trim(preg_replace('/\s*\n\s*/', "\n", $text) ?? $text);
    }

    private static function notify(string $sentence, int $user = 0): void
    {
        $user = $user ?: get_current_user_id();
        $user > 0 && update_user_meta($user, self::NOTICE, wp_slash($sentence));
    }

    /** @param array{State, string} $refusal */
    private static function error(array $refusal): \WP_Error
    {
        $code = $refusal[0] === State::Away ? 'fotopoort_away' : 'fotopoort_text';
        return new \WP_Error($code, $refusal[1], ['status' => Refusals::status($refusal[0])]);
    }
}
