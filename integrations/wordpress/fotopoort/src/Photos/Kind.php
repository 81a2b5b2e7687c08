<?php

declare(strict_types=1);

namespace Fotopoort\Photos;

/**
 * What a file is, by its content first: a name says nothing about what browsers make of it.
 */
enum Kind: string
{
    case Photo = 'photo';
    case Pdf = 'pdf';
    case Video = 'video';
    case Office = 'office';
    case Other = 'other';

    /** Kinds that Fotopoort does not judge, for which the administrator chooses. */
    public const CHOICES = [self::Pdf, self::Video, self::Office, self::Other];

    private const OFFICE = ['doc', 'docx', 'odt', 'ppt', 'pptx', 'odp', 'xls', 'xlsx', 'ods', 'pps', 'ppsx', 'pub'];
    private const PICTURES = [
        'jpg', 'jpeg', 'jpe', 'png', 'gif', 'webp', 'avif', 'heic', 'heif', 'hif', 'tif', 'tiff', 'bmp', 'jxl', 'jp2', 'svg',
        'ico', 'dng',
    ];
    private const VIDEOS = ['mp4', 'm4v', 'mov', 'avi', 'webm', 'mkv', 'mpg', 'mpeg', 'ogv', 'wmv', '3gp', '3g2', 'flv'];

    public static function of(string $bytes, string $name): self
    {
        $start = substr($bytes, 0, 64);
        $type = (string) (new \finfo(FILEINFO_MIME_TYPE))->buffer(substr($bytes, 0, 65536));
        $brand = substr($start, 4, 4) === 'ftyp' ? substr($start, 8, 4) : '';
        if (in_array($brand, ['heic', 'heix', 'heif', 'mif1', 'msf1', 'hevc', 'avif', 'avis'], true)) {
            return self::Photo;
        }
        $extension = strtolower(pathinfo($name, PATHINFO_EXTENSION));
        return match (true) {
            str_starts_with($type, 'image/') => self::Photo,
            $type === 'application/pdf' || str_contains(substr($bytes, 0, 1024), '%PDF-') => self::Pdf,
            str_starts_with($type, 'video/') => self::Video,
            in_array($extension, self::PICTURES, true) => self::Photo,
            $extension === 'pdf' => self::Pdf,
            in_array($extension, self::VIDEOS, true) => self::Video,
            in_array($extension, self::OFFICE, true) => self::Office,
            default => self::Other,
        };
    }
}
