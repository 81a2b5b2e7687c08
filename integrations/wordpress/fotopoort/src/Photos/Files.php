<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

/**
 * An attachment's files on disk: all that was made of one photo goes and comes together.
 */
final class Files
{
    /** Meta of an attachment, one for each file that could not be deleted: its path. */
    public const STUCK = '_fotopoort_stuck';

    private bool $isWorking = false;

    public function __construct(private readonly Ledger $ledger)
    {
    }

    /** Whether an attachment's file changes by our own hand just now. */
    public function isWorking(): bool
    {
        return $this->isWorking;
    }

    /**
     * The file that the attachment's sizes were made of: the uploaded one, where WordPress made a smaller one of it. Where
     * it is gone, the largest size that is left: visitors can see that.
     */
    public function source(int $attachment): ?string
    {
        $original = function_exists('wp_get_original_image_path') ? wp_get_original_image_path($attachment) : false;
        $attached = get_attached_file($attachment);
        $metadata = wp_get_attachment_metadata($attachment, true);
        $sizes = array_filter(is_array($metadata) ? (array) ($metadata['sizes'] ?? []) : [], is_array(...));
        $area = static fn(array $size): int => (int) ($size['width'] ?? 0) * (int) ($size['height'] ?? 0);
        usort($sizes, static fn(array $one, array $other): int => $area($other) <=> $area($one));
        $sizes = array_map(static fn(array $size): string => dirname((string) $attached) . '/' . basename((string) $size['file']), $sizes);
        foreach ([$original, $attached, ...$sizes] as $path) {
            if (is_string($path) && is_file($path)) {
                return $path;
            }
        }
        return null;
    }

    /** Every file of an attachment goes, also sizes that no list names any more; one that stays is noted, see retry(). */
    public function remove(int $attachment): void
    {
        $attached = get_attached_file($attachment);
        if (!is_string($attached) || $attached === '') {
            return;
        }
        $folder = dirname($attached);
        $names = [basename($attached)];
        $metadata = wp_get_attachment_metadata($attachment, true);
        $metadata = is_array($metadata) ? $metadata : [];
        $backups = get_post_meta($attachment, '_wp_attachment_backup_sizes', true);
        $names[] = basename((string) ($metadata['file'] ?? ''));
        $names[] = (string) ($metadata['original_image'] ?? '');
        $backups = array_values(is_array($backups) ? $backups : []);
        foreach ([...array_values((array) ($metadata['sizes'] ?? [])), ...$backups] as $size) {
            $names[] = (string) ($size['file'] ?? '');
        }
        $bases = $endings = [];
        foreach (array_filter($names) as $name) {
            $endings[] = preg_quote(pathinfo($name, PATHINFO_EXTENSION), '~');
            $bases[] = preg_quote(preg_replace('/(-scaled|-rotated|-\d+x\d+)*\.[^.]*$/', '', $name) ?? '', '~');
        }
        // Sizes of a theme that is gone, and copies in another format (photo.jpg.webp) that a plugin made.
        [$bases, $endings] = [implode('|', array_unique($bases)), implode('|', array_unique($endings))];
        $pattern = "~^($bases)(-scaled|-rotated|-\d+x\d+)*\.($endings)(\.(webp|avif))?$~D";
        foreach (is_dir($folder) ? (array) scandir($folder) : [] as $name) {
            // Its own files go, even where another attachment shows them too; what only has such a name must be nobody's.
            $isOurs = in_array($name, $names, true)
                || (preg_match($pattern, (string) $name) && !$this->isOfAnother($attachment, "$folder/$name"));
            if ($isOurs && !self::delete("$folder/$name") && !in_array("$folder/$name", $this->stuck($attachment), true)) {
                add_post_meta($attachment, self::STUCK, wp_slash("$folder/$name"));
            }
        }
    }

    /** @return string[] paths of files that should be gone and are not: of one attachment, or of all */
    public function stuck(?int $attachment = null): array
    {
        global $wpdb;
        if ($attachment !== null) {
            return array_map('strval', get_post_meta($attachment, self::STUCK));
        }
        $sql = "SELECT DISTINCT meta_value FROM $wpdb->postmeta WHERE meta_key = %s";
        return array_map('strval', $wpdb->get_col($wpdb->prepare($sql, self::STUCK)));
    }

    /** Tries again to delete what could not be deleted; what came in its place since then stays. */
    public function retry(): void
    {
        $uploads = trailingslashit((string) wp_upload_dir(null, false)['basedir']);
        foreach ($this->stuck() as $path) {
            // A note may have come by an import: nothing outside uploads/ goes by it.
            $isAside = !str_starts_with($path, $uploads) || str_contains($path, '/../');
            if ($isAside || $this->ledger->clearedFor(Ledger::hash($path)) !== null || self::delete($path)) {
                delete_metadata('post', 0, self::STUCK, wp_slash($path), true);
            }
        }
    }

    /**
     * A rendition or placeholder takes the place of all that an attachment has, under the same name where that is a JPEG's.
     *
     * @return bool false where it cannot be written: then nothing is there
     */
    public function place(int $attachment, string $bytes, int $photo): bool
    {
        $this->isWorking = true;
        try {
            $attached = (string) get_attached_file($attachment);
            $before = $this->addresses($attachment);
            $this->remove($attachment);
            $path = Screened::jpegName($attached);
            if ($path !== $attached) {
                $path = dirname($path) . '/' . wp_unique_filename(dirname($path), basename($path));
            }
            wp_mkdir_p(dirname($path));
            $this->ledger->clear(hash('sha256', $bytes), $photo);
            // Written beside and renamed: a visitor gets the old file or the new one.
            $this->mark($attachment, $photo);
            if (@file_put_contents("$path.part", $bytes) !== strlen($bytes) || !@rename("$path.part", $path)) {
                self::delete("$path.part");
                return false;
            }
            delete_post_meta($attachment, '_wp_attachment_backup_sizes');
            update_attached_file($attachment, $path);
            wp_update_post(['ID' => $attachment, 'post_mime_type' => 'image/jpeg']);
            require_once ABSPATH . 'wp-admin/includes/image.php';
            wp_update_attachment_metadata($attachment, wp_generate_attachment_metadata($attachment, $path));
        } finally {
            $this->isWorking = false;
        }
        $this->redirect($before, $this->addresses($attachment));
        Caches::purge(array_values($before));
        return true;
    }

    public function takeDown(int $attachment): void
    {
        $before = $this->addresses($attachment);
        $this->remove($attachment);
        Caches::purge(array_values($before));
        clean_post_cache($attachment);
    }

    /**
     * What editors made of a photo goes wherever they wrote it, where it is still that.
     *
     * @param array<string, string> $made path by SHA-256
     * @param int $attachment that a file which stays is noted at
     */
    public function removeMade(array $made, int $attachment): void
    {
        foreach ($made as $sha256 => $path) {
            if (Ledger::hash($path) === (string) $sha256 && !self::delete($path)) {
                add_post_meta($attachment, self::STUCK, wp_slash($path));
            }
        }
    }

    public function mark(int $attachment, int $photo): void
    {
        update_post_meta($attachment, Ledger::META, (string) $photo);
    }

    /** @return array<string, string> address by size */
    private function addresses(int $attachment): array
    {
        $address = wp_get_attachment_url($attachment);
        if (!is_string($address)) {
            return [];
        }
        $addresses = ['full' => $address];
        $metadata = wp_get_attachment_metadata($attachment, true);
        foreach (is_array($metadata) ? (array) ($metadata['sizes'] ?? []) : [] as $size => $made) {
            $addresses[(string) $size] = dirname($address) . '/' . $made['file'];
        }
        return $addresses;
    }

    /**
     * Posts that show an address which is gone show the one that came in its place.
     *
     * @param array<string, string> $before
     * @param array<string, string> $after
     */
    private function redirect(array $before, array $after): void
    {
        global $wpdb;
        foreach ($before as $size => $old) {
            $new = $after[$size] ?? $after['full'] ?? '';
            if ($new === '' || in_array($old, $after, true)) {
                continue;
            }
            $sql = "SELECT ID FROM $wpdb->posts WHERE post_content LIKE %s";
            $posts = $wpdb->get_col($wpdb->prepare($sql, '%' . $wpdb->esc_like($old) . '%'));
            foreach (array_map('intval', $posts) as $post) {
                // Not by wp_update_post: nothing that anybody wrote changes, so nothing is to be judged or revised.
                $sql = "UPDATE $wpdb->posts SET post_content = REPLACE(post_content, %s, %s) WHERE ID = %d";
                $wpdb->query($wpdb->prepare($sql, $old, $new, $post));
                clean_post_cache($post);
            }
        }
    }

    /** @return bool whether it is gone */
    private static function delete(string $path): bool
    {
        if (is_file($path)) {
            wp_delete_file($path);
            clearstatcache(true, $path);
        }
        return !is_file($path);
    }

    private function isOfAnother(int $attachment, string $path): bool
    {
        global $wpdb;
        $sql = "SELECT COUNT(*) FROM $wpdb->postmeta WHERE meta_key = '_wp_attached_file' AND meta_value = %s AND post_id <> %d";
        return (bool) $wpdb->get_var($wpdb->prepare($sql, _wp_relative_upload_path($path), $attachment));
    }
}
