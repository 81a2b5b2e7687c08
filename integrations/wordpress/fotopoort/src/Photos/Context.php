<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

/**
 * Where a photo or text is meant for: the article, its categories and who makes it.
 */
final class Context
{
    /** @param int[] $categories ids */
    private function __construct(
        public readonly string $reference,
        public readonly array $categories,
        public readonly int $author,
    ) {
    }

    /** Of an upload: the post that the editor has open says what it is for. */
    public static function ofRequest(): self
    {
        // phpcs:ignore -- nothing is done by these: they only say which groups are asked about
        $post = (int) ($_REQUEST['post_id'] ?? $_REQUEST['post'] ?? 0);
        return self::ofPost($post, get_current_user_id());
    }

    public static function ofAttachment(int $attachment): self
    {
        return self::ofPost((int) wp_get_post_parent_id($attachment), (int) get_post_field('post_author', $attachment));
    }

    public static function ofPost(int $post, int $author): self
    {
        if ($post > 0 && get_post($post) !== null) {
            $author = (int) get_post_field('post_author', $post) ?: $author;
            return new self("post-$post", wp_get_post_categories($post), $author);
        }
        return new self('', [], $author);
    }
}
