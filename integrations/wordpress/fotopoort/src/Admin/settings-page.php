<?php

/**
 * The settings page; SettingsPage::show() gives the variables.
 *
 * @var array<string, mixed> $values
 * @var string $told
 * @var bool $isKeyFixed
 * @var ?string $fixedAddress
 * @var WP_Term[] $categories
 * @var object[] $authors
 * @var string $hook
 * @var array{state: string, share: float, text: string} $progress
 */

declare(strict_types=1);

use Fotopoort\Photos\Kind;
use Fotopoort\Texts;

defined('ABSPATH') || exit;

$text = static fn(string $key): string => esc_html(Texts::get($key));
$rows = [
    'category' => array_map(static fn(WP_Term $term): array => [$term->term_id, $term->name], $categories),
    'author' => array_map(static fn(object $user): array => [(int) $user->ID, $user->display_name], $authors),
];
?>
<div class="wrap">
    <h1><?php echo $text('settings_title'); ?></h1>
    <p><?php echo $text('settings_intro'); ?></p>
    <?php if ($told === 'saved' || $told === 'address_wrong') : ?>
        <div class="notice <?php echo $told === 'saved' ? 'notice-success' : 'notice-error'; ?>"><p><?php echo $text($told); ?></p></div>
    <?php endif; ?>
    <form method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>">
        <input type="hidden" name="action" value="fotopoort_save">
        <?php wp_nonce_field('fotopoort_save'); ?>
        <h2><?php echo $text('connection'); ?></h2>
        <table class="form-table" role="presentation">
            <tr>
                <th scope="row"><label for="fotopoort-address"><?php echo $text('address'); ?></label></th>
                <td><?php if ($fixedAddress !== null) : ?>
                        <p><?php echo $text('address_constant'); ?> <code><?php echo esc_html($fixedAddress); ?></code></p>
                    <?php else : ?>
                        <input id="fotopoort-address" name="fotopoort[address]" type="url" class="regular-text"
                            value="<?php echo esc_attr($values['address']); ?>" aria-describedby="fotopoort-address-help">
                        <p class="description" id="fotopoort-address-help"><?php echo $text('address_help'); ?></p>
                    <?php endif; ?></td>
            </tr>
            <tr>
                <th scope="row"><label for="fotopoort-key"><?php echo $text('key_label'); ?></label></th>
                <td><?php if ($isKeyFixed) : ?>
                        <p><?php echo $text('key_constant'); ?></p>
                    <?php else : ?>
                        <input id="fotopoort-key" name="fotopoort[key]" type="password" class="regular-text" autocomplete="off"
                            aria-describedby="fotopoort-key-help">
                        <p class="description" id="fotopoort-key-help"><?php
                            echo $values['key'] !== '' ? '<strong>' . $text('key_present') . '</strong> ' : '';
                            echo $text('key_help'); ?></p>
                    <?php endif; ?></td>
            </tr>
            <tr>
                <th scope="row"><label for="fotopoort-channel"><?php echo $text('channel'); ?></label></th>
                <td><input id="fotopoort-channel" name="fotopoort[channel]" type="text" class="regular-text"
                        value="<?php echo esc_attr($values['channel']); ?>" aria-describedby="fotopoort-channel-help">
                    <p class="description" id="fotopoort-channel-help"><?php echo $text('channel_help'); ?></p></td>
            </tr>
            <tr>
                <th scope="row"><label for="fotopoort-webhook"><?php echo $text('webhook'); ?></label></th>
                <td><input id="fotopoort-webhook" name="fotopoort[webhook_key]" type="text" class="regular-text code"
                        value="<?php echo esc_attr($values['webhook_key']); ?>" aria-describedby="fotopoort-webhook-help">
                    <p class="description" id="fotopoort-webhook-help"><?php echo $text('webhook_help'); ?><br>
                        <code><?php echo esc_html($hook); ?></code></p></td>
            </tr>
            <tr>
                <th scope="row"><?php echo $text('kinds'); ?></th>
                <td><fieldset>
                    <legend class="screen-reader-text"><?php echo $text('kinds'); ?></legend>
                    <?php foreach (Kind::CHOICES as $kind) : ?>
                        <label><input type="checkbox" name="fotopoort[kinds][]" value="<?php echo esc_attr($kind->value); ?>"
                            <?php checked(in_array($kind->value, (array) $values['kinds'], true)); ?>>
                            <?php echo $text("allow_$kind->value"); ?></label><br>
                    <?php endforeach; ?>
                    <p class="description"><?php echo $text('kinds_help'); ?></p>
                </fieldset></td>
            </tr>
        </table>
        <h2><?php echo $text('groups'); ?></h2>
        <p><?php echo $text('groups_help'); ?></p>
        <?php foreach ($rows as $type => $entries) : ?>
            <table class="widefat striped" style="max-width: 46em; margin-bottom: 1.5em">
                <thead><tr><th scope="col" style="width: 16em"><?php echo $text($type); ?></th>
                    <th scope="col"><?php echo $text('group'); ?></th></tr></thead>
                <tbody>
                <?php foreach ($entries as [$id, $name]) : ?>
                    <tr><td style="vertical-align: middle"><label for="<?php echo esc_attr("fotopoort-$type-$id"); ?>"><?php
                        echo esc_html($name); ?></label></td>
                        <td><input type="text" class="regular-text" id="<?php echo esc_attr("fotopoort-$type-$id"); ?>"
                            name="<?php echo esc_attr("fotopoort[groups][$type:$id]"); ?>"
                            value="<?php echo esc_attr((string) ($values['groups']["$type:$id"] ?? '')); ?>"></td></tr>
                <?php endforeach; ?>
                </tbody>
            </table>
        <?php endforeach; ?>
        <?php submit_button(Texts::get('save')); ?>
    </form>

    <h2 id="fotopoort-backlog"><?php echo $text('backlog'); ?></h2>
    <p style="max-width: 46em"><?php echo $text('backlog_help'); ?></p>
    <form method="post" action="<?php echo esc_url(admin_url('admin-post.php')); ?>">
        <input type="hidden" name="action" value="fotopoort_backlog_action">
        <?php wp_nonce_field('fotopoort_backlog_action'); ?>
        <p id="fotopoort-progress-text" role="status"><?php echo esc_html($progress['text']); ?></p>
        <?php if (in_array($progress['state'], ['running', 'away'], true)) : ?>
            <p><progress id="fotopoort-progress" max="1" value="<?php echo esc_attr((string) $progress['share']); ?>"
                aria-labelledby="fotopoort-progress-text" style="width: 30em; max-width: 100%"></progress></p>
            <button class="button" name="stop" value="1"><?php echo $text('backlog_stop'); ?></button>
            <script>
                (function ask() {
                    const query = new URLSearchParams({
                        action: 'fotopoort_progress',
                        _ajax_nonce: <?php echo wp_json_encode(wp_create_nonce('fotopoort_progress')); ?>,
                    });
                    fetch(ajaxurl, { method: 'POST', body: query, credentials: 'same-origin' })
                        .then((response) => response.json())
                        .then((progress) => {
                            document.getElementById('fotopoort-progress-text').textContent = progress.text;
                            document.getElementById('fotopoort-progress').value = progress.share;
                            if (progress.state === 'running' || progress.state === 'away') {
                                setTimeout(ask, progress.state === 'away' ? 10000 : 100);
                            } else {
                                location.reload();
                            }
                        })
                        .catch(() => setTimeout(ask, 10000));
                })();
            </script>
        <?php else : ?>
            <button class="button"><?php echo $text('backlog_start'); ?></button>
        <?php endif; ?>
    </form>
</div>
