<?php

declare(strict_types=1);

namespace Fotopoort\Doors;

use Fotopoort\Gate\Refused;
use Fotopoort\Gate\Unavailable;
use Fotopoort\Photos\Files;
use Fotopoort\Photos\Hold;
use Fotopoort\Photos\Kind;
use Fotopoort\Photos\Ledger;
use Fotopoort\Photos\Photo;
use Fotopoort\Photos\Placement;
use Fotopoort\Photos\Screening;
use Fotopoort\Photos\State;
use Fotopoort\Settings;
use Fotopoort\Texts;

/**
 * Whatever becomes an attachment: a file that the ledger does not know is out of uploads/ before anything else happens.
 */
final class Attachments
{
    public function __construct(
        private readonly Ledger $ledger,
        private readonly Hold $hold,
        private readonly Files $files,
        private readonly Screening $screening,
        private readonly Placement $placement,
        private readonly Settings $settings,
    ) {
    }

    public function register(): void
    {
        add_action('add_attachment', [$this, 'inspect'], PHP_INT_MIN);
        // The file is named before add_attachment, and may be exchanged for another one later.
        foreach (['added_post_meta', 'updated_post_meta'] as $hook) {
            add_action($hook, function (mixed $id, mixed $post, mixed $key): void {
                // Where a photo is replaced in place, its sizes alone are told anew. One that was never asked about is left to
                // the backlog.
                $isReplaced = $key === '_wp_attachment_metadata' && $this->ledger->ofAttachment((int) $post) !== null;
                if ($key === '_wp_attached_file' || $isReplaced) {
                    $this->inspect((int) $post);
                }
            }, PHP_INT_MIN, 3);
        }
        add_action('delete_attachment', [$this, 'forget']);
        add_filter('wp_generate_attachment_metadata', [$this, 'completeMetadata'], 10, 2);
        $isGone = fn(mixed $id): bool => $this->ledger->isRevoked((int) $id);
        add_filter('wp_get_attachment_image_src', static fn(mixed $source, mixed $id): mixed => $isGone($id) ? false : $source, 10, 2);
        add_filter('wp_content_img_tag', static fn(mixed $tag, mixed $context, mixed $id): mixed => $isGone($id) ? '' : $tag, 10, 3);
    }

    public function inspect(int $attachment): void
    {
        $path = (string) get_attached_file($attachment);
        $sha256 = $this->files->isWorking() || !is_file($path) ? null : Ledger::hash($path);
        if ($sha256 === null) {
            return;
        }
        $photo = $this->ledger->clearedFor($sha256);
        if ($photo === null) {
            $this->screenFound($attachment, $path, false);
        } elseif ($photo > 0) {
            $this->files->mark($attachment, $photo);
        }
        if ($this->screening->isUnread($sha256)) {
            $this->nameAfterFile($attachment, $path);
        }
    }

    /**
     * A file of the library that was never asked about: away from uploads/ first, then asked about.
     *
     * @param bool $isOld it may be the only copy: where it cannot be kept sealed, it stays where it is, not looked at
     * @return State what became of it; Away: it is asked about again later
     */
    public function screenFound(int $attachment, string $path, bool $isOld = true): State
    {
        wp_raise_memory_limit('image');
        $bytes = (string) file_get_contents($path);
        $sha256 = hash('sha256', $bytes);
        $kind = Kind::of($bytes, basename($path));
        if ($kind !== Kind::Photo && $this->settings->allows($kind)) {
            $this->ledger->clear($sha256, 0);
            return State::Cleared;
        }
        $sentence = Texts::both($kind === Kind::Photo ? 'away_found' : "kind_$kind->value");
        $held = $this->hold->put($bytes);
        if ($held === null && $isOld) {
            return State::Away;
        }
        try {
            $id = $this->ledger->add($sentence + [
                'source' => $sha256,
                'state' => ($kind === Kind::Photo ? State::Away : State::Refused)->value,
                'held' => $held,
                'found' => 1,
            ]);
        } catch (Unavailable) {
            $this->hold->drop($held);
            $isOld || $this->files->takeDown($attachment);
            return State::Away;
        }
        $this->files->mark($attachment, $id);
        $this->files->takeDown($attachment);
        $photo = $this->ledger->photo($id);
        return $photo === null || $kind !== Kind::Photo ? State::Refused : $this->placement->ask($photo, $bytes);
    }

    /** WordPress takes titles and addresses from the name that a file had, which may not be told either. */
    private function nameAfterFile(int $attachment, string $path): void
    {
        global $wpdb;
        $title = pathinfo($path, PATHINFO_FILENAME);
        $post = get_post($attachment);
        $slug = wp_unique_post_slug($title, $attachment, (string) $post?->post_status, 'attachment', (int) $post?->post_parent);
        $values = ['post_title' => $title, 'post_name' => $slug, 'guid' => (string) wp_get_attachment_url($attachment)];
        // Not as WordPress does it: it would keep the old address, for visitors to be led on from.
        $wpdb->update($wpdb->posts, $values, ['ID' => $attachment]);
        clean_post_cache($attachment);
    }

    /** With its last attachment, all that is kept of a photo goes. */
    public function forget(int $attachment): void
    {
        $photo = $this->ledger->ofAttachment($attachment);
        if ($photo !== null && array_diff($this->ledger->attachments($photo->id), [$attachment]) === []) {
            $this->hold->drop($photo->held);
            // What the ledger does not know any more could not be called back.
            $this->files->removeMade($this->ledger->made($photo->id), $attachment);
            $this->ledger->remove($photo->id);
        }
    }

    /**
     * Whoever inserted an attachment goes on with the file that it knows, which may have another name by now.
     *
     * @param array<string, mixed>|mixed $metadata
     * @return array<string, mixed>|mixed
     */
    public function completeMetadata(mixed $metadata, int $attachment): mixed
    {
        $path = get_attached_file($attachment);
        $hasSize = is_array($metadata) && !empty($metadata['width']);
        if ($hasSize || $this->files->isWorking() || $this->ledger->ofAttachment($attachment) === null || !is_file((string) $path)) {
            return $metadata;
        }
        return wp_create_image_subsizes((string) $path, $attachment);
    }
}
