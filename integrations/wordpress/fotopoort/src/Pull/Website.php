<?php

declare(strict_types=1);

namespace Fotopoort\Pull;

use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Plugin;
use Fotopoort\Settings;
use Fotopoort\Texts;

/**
 * Pull mode in WordPress: its folder, its routes, and the page that shows the code to pair by.
 */
final class Website
{
    public const OPTIONS = ['fotopoort_pull_folder', Settings::PAIRED, Routes::POLLED];

    private const FOLDER = 'fotopoort_pull_folder';
    private const PAGE = 'fotopoort-pull';
    private const ACTION = 'fotopoort_pull';

    private readonly School $school;
    private readonly Queue $queue;

    public function __construct(private readonly Settings $settings)
    {
        $folder = new Folder(self::folder());
        $this->school = new School($folder);
        $this->queue = new Queue($folder, $this->school);
    }

    public function transport(): PullTransport
    {
        return new PullTransport($this->school, $this->queue, $this->settings->channel(), Settings::DEADLINE);
    }

    /** @param \Closure(string, array<string, mixed>): void $tell does what Fotopoort's webhooks would have done */
    public function register(\Closure $tell): void
    {
        $told = static function (string $type, array $data) use ($tell): void {
            if ($type === 'paired') {
                update_option(Settings::PAIRED, (string) $data['pairing']);
                return;
            }
            try {
                $tell($type, array_filter($data, is_string(...)));
            } catch (Unavailable | Refused) {
                // What was said is stored; the schedule asks about it.
            }
        };
        (new Routes($this->school, $this->queue, $told, $this->settings->pullWait()))->register();
        add_action('admin_menu', function (): void {
            $title = Texts::get('pull_title');
            add_options_page($title, $title, 'manage_options', self::PAGE, [$this, 'show']);
        });
        add_action('admin_post_' . self::ACTION, [$this, 'forget']);
    }

    public function show(): void
    {
        $isAsked = ($_SERVER['REQUEST_METHOD'] ?? '') === 'POST';
        $code = $isAsked && check_admin_referer(self::ACTION) ? $this->school->code(rest_url(Plugin::NAMESPACE . '/pull')) : '';
        $pairing = $this->school->pairing();
        printf('<div class="wrap"><h1>%s</h1><p>%s</p>', esc_html(Texts::get('pull_title')), esc_html(Texts::get('pull_intro')));
        if ($pairing !== null) {
            printf('<p>%s <code>%s</code></p>', esc_html(Texts::get('pull_paired')), esc_html($pairing));
        }
        if ($code !== '') {
            $command = sprintf('<code style="user-select:all;word-break:break-all">fotopoort pull pair %s</code>', esc_html($code));
            printf('<p>%s</p><p>%s</p>', esc_html(Texts::get('pull_code')), $command); // phpcs:ignore -- escaped above
        }
        self::button('', 'pull_make', 'button-primary');
        if ($pairing !== null) {
            self::button(admin_url('admin-post.php'), 'pull_forget', '');
        }
        echo '</div>';
    }

    private static function button(string $address, string $text, string $class): void
    {
        printf('<form method="post" action="%s"><input type="hidden" name="action" value="%s">', esc_url($address), self::ACTION);
        wp_nonce_field(self::ACTION);
        printf('<p><button class="button %s">%s</button></p></form>', esc_attr($class), esc_html(Texts::get($text)));
    }

    public function forget(): void
    {
        check_admin_referer(self::ACTION);
        current_user_can('manage_options') || wp_die('', '', ['response' => 403]);
        $this->school->forget();
        delete_option(Settings::PAIRED);
        wp_safe_redirect(admin_url('options-general.php?page=' . self::PAGE));
        exit;
    }

    public static function uninstall(): void
    {
        $folder = get_option(self::FOLDER);
        if (is_string($folder) && str_contains(basename($folder), 'fotopoort-pull-') && is_dir($folder)) {
            foreach ((array) scandir($folder) as $name) {
                is_file("$folder/$name") && unlink("$folder/$name");
            }
            @rmdir($folder);
        }
    }

    /** Beside the plugins, under a name that nobody can guess: what lies there is sealed, or meant to be seen. */
    private static function folder(): string
    {
        $chosen = get_option(self::FOLDER);
        if (!is_string($chosen) || $chosen === '') {
            $chosen = WP_CONTENT_DIR . '/fotopoort-pull-' . bin2hex(random_bytes(16));
            update_option(self::FOLDER, $chosen);
        }
        if (!is_dir($chosen) && wp_mkdir_p($chosen)) {
            file_put_contents("$chosen/index.php", "<?php\n");
            file_put_contents("$chosen/.htaccess", "Require all denied\n");
        }
        return $chosen;
    }
}
