<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

use Fotopoort\Gate\Unavailable;

/**
 * Which bytes may stand in this site, by SHA-256, and of which photo they were made.
 *
 * A file is cleared when it is a rendition that Fotopoort gave, or was made from one by this site's image editor. What
 * is not in here is held back, whichever way it came in.
 */
final class Ledger
{
    /** Meta of an attachment: the id of its photo. */
    public const META = '_fotopoort_photo';

    /** Seconds that a cleared text needs no asking again: the time of a post's saving in all its steps. */
    private const TEXT_HOLDS = 600;

    /** Seconds that it is known which photos were taken away. */
    private const REVOKED_HOLDS = 2;

    /** @var array<string, array{int, array<int, int>}> by table: when it was looked up, and which photos, as keys */
    private array $revoked = [];

    public static function createTables(): void
    {
        global $wpdb;
        [$photos, $files] = self::tables();
        $collate = $wpdb->get_charset_collate();
        $wpdb->query(
            "CREATE TABLE IF NOT EXISTS $photos (
                id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
                source CHAR(64) NOT NULL,
                rendition CHAR(64) NULL,
                state VARCHAR(10) NOT NULL,
                nl TEXT NOT NULL,
                en TEXT NOT NULL,
                review VARCHAR(500) NULL,
                held VARCHAR(80) NULL,
                found TINYINT NOT NULL DEFAULT 0,
                checked_at BIGINT NOT NULL,
                KEY source (source),
                KEY rendition (rendition),
                KEY due (state, checked_at)
            ) $collate"
        );
        $wpdb->query(
            "CREATE TABLE IF NOT EXISTS $files (
                sha256 CHAR(64) NOT NULL PRIMARY KEY,
                photo BIGINT UNSIGNED NOT NULL,
                created_at BIGINT NOT NULL,
                path VARCHAR(1000) NULL,
                KEY photo (photo)
            ) $collate"
        );
        if ($wpdb->get_var("SHOW COLUMNS FROM $files LIKE 'path'") === null) {
            $wpdb->query("ALTER TABLE $files ADD COLUMN path VARCHAR(1000) NULL");  // made by an earlier version
        }
    }

    public static function dropTables(): void
    {
        global $wpdb;
        foreach (self::tables() as $table) {
            $wpdb->query("DROP TABLE IF EXISTS $table");
        }
    }

    public static function hash(string $path): ?string
    {
        $hash = is_file($path) ? hash_file('sha256', $path) : false;
        return $hash === false ? null : $hash;
    }

    /** The photo that cleared bytes were made of; 0 for a file that the administrator lets in unseen; null: not cleared. */
    public function clearedFor(?string $sha256): ?int
    {
        global $wpdb;
        [, $files] = self::tables();
        $photo = $sha256 === null ? null : $wpdb->get_var($wpdb->prepare("SELECT photo FROM $files WHERE sha256 = %s", $sha256));
        return $photo === null ? null : (int) $photo;
    }

    /** @param string $path where an editor wrote it, which may be anywhere in uploads/ */
    public function clear(string $sha256, int $photo, string $path = ''): void
    {
        global $wpdb;
        [, $files] = self::tables();
        $wpdb->query(
            $wpdb->prepare("REPLACE INTO $files (sha256, photo, created_at, path) VALUES (%s, %d, %d, %s)", $sha256, $photo, time(), $path)
        );
    }

    /** @return array<string, string> where editors wrote what they made of a photo, by SHA-256 */
    public function made(int $photo): array
    {
        global $wpdb;
        [, $files] = self::tables();
        $sql = "SELECT sha256, path FROM $files WHERE photo = %d AND path <> ''";
        $rows = (array) $wpdb->get_results($wpdb->prepare($sql, $photo), ARRAY_A);
        return array_map('strval', array_column($rows, 'path', 'sha256'));
    }

    public function forgetFiles(int $photo): void
    {
        global $wpdb;
        $wpdb->delete(self::tables()[1], ['photo' => $photo]);
    }

    public function isTextCleared(string $text): bool
    {
        global $wpdb;
        [, $files] = self::tables();
        $sql = "SELECT COUNT(*) FROM $files WHERE sha256 = %s AND created_at > %d";
        return (bool) $wpdb->get_var($wpdb->prepare($sql, hash('sha256', "text\0$text"), time() - self::TEXT_HOLDS));
    }

    public function clearText(string $text): void
    {
        $this->clear(hash('sha256', "text\0$text"), 0);
    }

    /**
     * @param array<string, mixed> $values by column
     * @throws Unavailable where it cannot be noted: nothing may be placed that this does not know
     */
    public function add(array $values): int
    {
        global $wpdb;
        $isAdded = $wpdb->insert(self::tables()[0], $values + ['nl' => '', 'en' => '', 'checked_at' => time()]);
        if (!$isAdded || (int) $wpdb->insert_id === 0) {
            throw new Unavailable('ledger');
        }
        return (int) $wpdb->insert_id;
    }

    /** @param array<string, mixed> $values by column */
    public function update(int $photo, array $values): void
    {
        global $wpdb;
        $wpdb->update(self::tables()[0], $values + ['checked_at' => time()], ['id' => $photo]);
        $this->revoked = [];
    }

    public function remove(int $photo): void
    {
        global $wpdb;
        $this->forgetFiles($photo);
        $wpdb->delete(self::tables()[0], ['id' => $photo]);
    }

    public function photo(int $id): ?Photo
    {
        return $this->select('id = %d', [$id])[0] ?? null;
    }

    /** @return Photo[] those that came in, or are placed, as these bytes */
    public function ofBytes(string $sha256): array
    {
        return $this->select('(source = %s OR rendition = %s)', [$sha256, $sha256]);
    }

    /**
     * @param State[] $states
     * @return Photo[] not asked about since then, longest ago first
     */
    public function due(array $states, int $before, int $limit): array
    {
        $places = implode(', ', array_fill(0, count($states), '%s'));
        $values = array_map(static fn(State $state): string => $state->value, $states);
        return $this->select("state IN ($places) AND checked_at <= %d ORDER BY checked_at, id LIMIT %d", [...$values, $before, $limit]);
    }

    /** @return array<string, int> how many photos there are in each state */
    public function counts(): array
    {
        global $wpdb;
        [$photos] = self::tables();
        $counts = array_fill_keys(array_column(State::cases(), 'value'), 0);
        foreach ((array) $wpdb->get_results("SELECT state, COUNT(*) AS n FROM $photos GROUP BY state", ARRAY_A) as $row) {
            $counts[$row['state']] = (int) $row['n'];
        }
        return $counts;
    }

    public function ofAttachment(int $attachment): ?Photo
    {
        $id = (int) get_post_meta($attachment, self::META, true);
        return $id > 0 ? $this->photo($id) : null;
    }

    /**
     * Whether an attachment's photo was taken away. A page asks of each of its images: they are looked up together, and
     * anew after some seconds, as a run of the schedule or of a command can last for hours.
     */
    public function isRevoked(int $attachment): bool
    {
        global $wpdb;
        $photo = (int) get_post_meta($attachment, self::META, true);
        if ($photo === 0) {
            return false;
        }
        [$photos] = self::tables();
        [$from, $revoked] = $this->revoked[$photos] ?? [0, []];
        if (time() - $from > self::REVOKED_HOLDS) {
            $sql = "SELECT id FROM $photos WHERE state = %s";
            $revoked = array_flip($wpdb->get_col($wpdb->prepare($sql, State::Revoked->value)));
            if ($wpdb->last_error !== '') {
                return true;
            }
            $this->revoked[$photos] = [time(), $revoked];
        }
        return isset($revoked[$photo]);
    }

    /** @return int[] the attachments that show a photo, copies and crops of it too */
    public function attachments(int $photo): array
    {
        global $wpdb;
        $sql = "SELECT post_id FROM $wpdb->postmeta WHERE meta_key = %s AND meta_value = %s";
        return array_map('intval', $wpdb->get_col($wpdb->prepare($sql, self::META, (string) $photo)));
    }

    /** SQL that holds for attachments in a state; null: those that were never asked about. */
    public function condition(?State $state): string
    {
        global $wpdb;
        [$photos] = self::tables();
        $meta = "m.post_id = $wpdb->posts.ID AND m.meta_key = %s";
        if ($state === null) {
            return $wpdb->prepare("NOT EXISTS (SELECT 1 FROM $wpdb->postmeta m WHERE $meta)", self::META);
        }
        $photo = "SELECT 1 FROM $wpdb->postmeta m JOIN $photos p ON p.id = m.meta_value WHERE $meta AND p.state = %s";
        return $wpdb->prepare("EXISTS ($photo)", self::META, $state->value);
    }

    /**
     * @param array<int, int|string> $values
     * @return Photo[]
     */
    private function select(string $where, array $values): array
    {
        global $wpdb;
        [$photos] = self::tables();
        $rows = $wpdb->get_results($wpdb->prepare("SELECT * FROM $photos WHERE $where", $values), ARRAY_A);
        return array_map(Photo::fromRow(...), (array) $rows);
    }

    /** @return array{string, string} */
    private static function tables(): array
    {
        global $wpdb;
        return ["{$wpdb->prefix}fotopoort_photos", "{$wpdb->prefix}fotopoort_files"];
    }
}
