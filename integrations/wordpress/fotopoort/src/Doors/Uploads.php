<?php

declare(strict_types=1);

namespace Fotopoort\Doors;

use Fotopoort\Photos\Context;
use Fotopoort\Photos\Ledger;
use Fotopoort\Photos\Screened;
use Fotopoort\Photos\Screening;
use Fotopoort\Photos\State;
use Fotopoort\Settings;
use Fotopoort\Texts;

/**
 * Files on their way to uploads/: judged where PHP or WordPress keeps them until then, so that the original never gets there.
 */
final class Uploads
{
    /** @var array<string, Screened> what was said of a file that has its final path already */
    private array $decided = [];

    /** What is written by wp_upload_bits() just now: its name, and what was said of it. */
    private ?Screened $bits = null;
    private string $bitsName = '';
    private string $bitsFolder = '';

    public function __construct(
        private readonly Screening $screening,
        private readonly Ledger $ledger,
        private readonly Settings $settings,
        private readonly Refusals $refusals,
    ) {
    }

    public function register(): void
    {
        // Last: what other plugins do to a file is done before it is judged.
        add_filter('wp_handle_upload_prefilter', [$this, 'prefilter'], PHP_INT_MAX);
        add_filter('wp_handle_sideload_prefilter', [$this, 'prefilter'], PHP_INT_MAX);
        add_filter('pre_move_uploaded_file', [$this, 'beforeMove'], PHP_INT_MAX, 3);
        add_filter('wp_upload_bits', [$this, 'beforeBits'], PHP_INT_MAX);
        add_filter('wp_unique_filename', [$this, 'placeOfBits'], PHP_INT_MAX, 3);
        add_filter('wp_handle_upload', [$this, 'afterMove'], PHP_INT_MAX);
        // Sizes made in the browser would be made of the original, which only the server may see.
        add_filter('wp_client_side_media_processing_enabled', '__return_false', PHP_INT_MAX);
        // Photos of telephones come out as JPEG, so it does not matter what this server can open.
        add_filter('wp_prevent_unsupported_mime_type_uploads', '__return_false');
        add_filter('upload_mimes', static fn(array $types): array => $types + [
            'avif' => 'image/avif',
            'heic' => 'image/heic',
            'heif' => 'image/heif',
            'webp' => 'image/webp',
        ]);
        add_filter('plupload_default_settings', static fn(array $settings): array => array_diff_key(
            $settings,
            ['heic_upload_error' => 1, 'webp_upload_error' => 1, 'avif_upload_error' => 1]
        ));
    }

    /**
     * @param array<string, mixed> $file as in $_FILES
     * @return array<string, mixed>
     */
    public function prefilter(array $file): array
    {
        $path = (string) ($file['tmp_name'] ?? '');
        if (!empty($file['error']) || !is_file($path)) {
            return $file;
        }
        $screened = $this->exchange($path, (string) $file['name']);
        if (in_array($screened->state, [State::Refused, State::Away], true)) {
            return ['error' => $this->refusals->refuse($screened)] + $file;
        }
        if ($screened->state === null && !$screened->isRead) {
            $this->screening->noteUnread((string) Ledger::hash($path));
        }
        $file['name'] = $screened->name((string) $file['name']);
        if ($screened->bytes !== null) {
            $file = ['type' => 'image/jpeg', 'size' => strlen($screened->bytes)] + $file;
        }
        return $file;
    }

    /**
     * The last moment before a file is moved, whatever action of its own somebody handles it with.
     *
     * @param array<string, mixed> $file
     */
    public function beforeMove(mixed $moved, array $file, string $target): mixed
    {
        $path = (string) ($file['tmp_name'] ?? '');
        if ($moved !== null || !is_file($path) || $this->ledger->clearedFor(Ledger::hash($path)) !== null) {
            return $moved;
        }
        $screened = $this->exchange($path, (string) $file['name']);
        if ($screened->state !== null) {
            $this->decided[$target] = $screened;
        }
        return $moved;
    }

    /**
     * @param mixed $bits name, bits and time, or a sentence where somebody else refused them
     * @return mixed
     */
    public function beforeBits(mixed $bits): mixed
    {
        $this->bits = null;
        if (!is_array($bits)) {
            return $bits;
        }
        $screened = $this->screening->screen((string) $bits['bits'], (string) $bits['name'], Context::ofRequest());
        if ($screened->state === null) {
            return $bits;
        }
        if ($screened->bytes === null) {
            return $this->refusals->refuse($screened);
        }
        // WordPress goes on with the bits that it has, which nothing can exchange: it writes them outside uploads/.
        $folder = realpath(get_temp_dir());
        if ($folder === false || str_starts_with("$folder/", (string) realpath(ABSPATH) . '/')) {
            return Texts::get('no_temp');
        }
        [$this->bits, $this->bitsName, $this->bitsFolder] = [$screened, (string) $bits['name'], $folder];
        return $bits;
    }

    public function placeOfBits(string $name, string $extension, string $folder): string
    {
        $target = realpath($folder);
        if ($this->bits === null || $this->bitsFolder === '' || $target === false) {
            return $name;
        }
        $temporary = $this->bitsFolder . '/fotopoort-' . bin2hex(random_bytes(16));
        self::deleteAtTheEnd($temporary);
        $this->bitsFolder = '';
        $this->decided["$folder/" . str_repeat('../', substr_count($target, '/')) . ltrim($temporary, '/')] = $this->bits;
        return (string) substr((string) array_key_last($this->decided), strlen($folder) + 1);
    }

    /**
     * @param array<string, mixed> $upload file, url and type
     * @return array<string, mixed>
     */
    public function afterMove(array $upload): array
    {
        $path = (string) ($upload['file'] ?? '');
        $screened = $this->decided[$path] ?? null;
        unset($this->decided[$path]);
        if ($this->bits !== null && $screened === $this->bits) {
            return $this->placeBits($upload, $path);
        }
        if ($screened === null && $this->ledger->clearedFor(Ledger::hash($path)) === null) {
            // Somebody changed the file after it was judged.
            $screened = $this->screenMoved($path);
        }
        if ($screened === null || $screened->state === null) {
            return $upload;
        }
        if ($screened->bytes === null || hash('sha256', $screened->bytes) !== Ledger::hash($path)) {
            is_file($path) && unlink($path);
            return ['error' => $this->refusals->refuse($screened)];
        }
        $name = $screened->name(basename($path));
        if ($name !== basename($path)) {
            $name = wp_unique_filename(dirname($path), $name);
            rename($path, dirname($path) . "/$name");
        }
        $url = dirname((string) $upload['url']);
        return ['file' => dirname($path) . "/$name", 'url' => "$url/$name", 'type' => 'image/jpeg'] + $upload;
    }

    /**
     * The file is empty while its photo is asked about, and has what may be there afterwards: a temporary folder can be
     * in the site, and a request can end at any moment.
     */
    private function exchange(string $path, string $name): Screened
    {
        $bytes = file_get_contents($path);
        if ($bytes === false || file_put_contents($path, '') === false) {
            self::deleteAtTheEnd($path);
            return new Screened(State::Away, sentence: Texts::both('no_temp'));
        }
        $screened = $this->screening->screen($bytes, $name, Context::ofRequest());
        $placed = $screened->state === null ? $bytes : (string) $screened->bytes;
        $isWritten = file_put_contents($path, $placed) === strlen($placed);
        clearstatcache(true, $path);
        return $isWritten ? $screened : new Screened(State::Away, sentence: Texts::both('no_temp'));
    }

    private static function deleteAtTheEnd(string $path): void
    {
        register_shutdown_function(static function () use ($path): void {
            is_file($path) && unlink($path);
        });
    }

    private function screenMoved(string $path): ?Screened
    {
        if (!is_file($path)) {
            return null;
        }
        $bytes = (string) file_get_contents($path);
        unlink($path);
        $screened = $this->screening->screen($bytes, basename($path), Context::ofRequest());
        $placed = $screened->state === null ? $bytes : $screened->bytes;
        if ($placed !== null && file_put_contents($path, $placed) !== strlen($placed)) {
            is_file($path) && unlink($path);
            return new Screened(State::Away, sentence: Texts::both('no_temp'));
        }
        return $screened;
    }

    /**
     * @param array<string, mixed> $upload
     * @return array<string, mixed>
     */
    private function placeBits(array $upload, string $temporary): array
    {
        $bytes = (string) $this->bits?->bytes;
        $wanted = (string) $this->bits?->name($this->bitsName);
        $this->bits = null;
        is_file($temporary) && unlink($temporary);
        $folder = wp_upload_dir();
        // The folder that WordPress chose, which may be another month's.
        $path = substr($temporary, 0, (int) strpos($temporary, '/../'));
        $name = wp_unique_filename($path, sanitize_file_name($wanted));
        if (file_put_contents("$path/$name", $bytes) !== strlen($bytes)) {
            is_file("$path/$name") && unlink("$path/$name");
            return ['error' => Texts::get('no_temp')];
        }
        $url = str_replace($folder['basedir'], $folder['baseurl'], "$path/$name");
        return ['file' => "$path/$name", 'url' => $url, 'type' => 'image/jpeg'] + $upload;
    }
}
