<?php

/**
 * For tests: what other plugins' code does, done by a request to /?fotopoort_test=… as the administrator.
 */

if (!isset($_GET['fotopoort_test'])) {
    return;
}
add_filter('http_request_host_is_external', '__return_true');
add_filter('http_allowed_safe_ports', static function (array $ports, string $host, string $url): array {
    return [...$ports, wp_parse_url($url, PHP_URL_PORT)];
}, 10, 3);
add_action('init', static function (): void {
    wp_set_current_user(1);
    foreach (['file', 'image', 'media', 'post'] as $name) {
        require_once ABSPATH . "wp-admin/includes/$name.php";
    }
    $name = sanitize_file_name($_GET['name'] ?? 'photo.jpg');
    $bytes = file_get_contents('php://input');
    $attach = static function (array $upload): array {
        if (!empty($upload['error'])) {
            return ['error' => $upload['error']];
        }
        $id = wp_insert_attachment(['post_title' => 'x', 'post_mime_type' => $upload['type']], $upload['file'], 0, true);
        wp_update_attachment_metadata($id, wp_generate_attachment_metadata($id, $upload['file']));
        return ['id' => $id];
    };
    $temporary = static function () use ($bytes, $name): array {
        $path = wp_tempnam($name);
        file_put_contents($path, $bytes);
        return ['name' => $name, 'tmp_name' => $path, 'error' => 0, 'size' => strlen($bytes)];
    };
    $result = match ($_GET['fotopoort_test']) {
        'upload_bits' => $attach(wp_upload_bits($name, null, $bytes)),
        'own_action' => $attach(wp_handle_sideload($temporary(), ['test_form' => false, 'action' => 'my_own'])),
        'handle_sideload' => $attach(wp_handle_sideload($temporary(), ['test_form' => false])),
        'media_sideload_image' => (static function () use ($name): array {
            $id = media_sideload_image($_GET['url'], 0, null, 'id');
            return is_wp_error($id) ? ['error' => $id->get_error_message()] : ['id' => $id];
        })(),
        'copied' => (static function () use ($attach, $bytes, $name): array {
            $folder = wp_upload_dir();
            $path = $folder['path'] . '/' . wp_unique_filename($folder['path'], $name);
            // At the moment of its copying, nobody but the watcher could stop it: it is told to look away until then.
            define('COPIED', $path);
            file_put_contents("$path.tmp", $bytes);
            rename("$path.tmp", $path);
            return $attach(['file' => $path, 'type' => wp_check_filetype($name)['type'] ?: 'image/jpeg']);
        })(),
        'option' => (static function () use ($bytes): array {
            foreach (json_decode($bytes, true) as $option => $value) {
                $value === null ? delete_option($option) : update_option($option, $value);
            }
            return [];
        })(),
        'get_option' => ['value' => get_option($_GET['option'])],
        'cron' => (static function (): array {
            return ['result' => do_action_ref_array($_GET['event'], []) ?? null];
        })(),
        'user' => (static function () use ($bytes): array {
            foreach (json_decode($bytes, true) as $key => $value) {
                update_user_meta(1, $key, $value);
            }
            return [];
        })(),
        'query' => (static function () use ($bytes): array {
            global $wpdb;
            return ['rows' => preg_match('/^\s*(select|show)/i', $bytes) ? $wpdb->get_results($bytes, ARRAY_A) : [$wpdb->query($bytes)]];
        })(),
        'php' => ['value' => eval($bytes)],
    };
    wp_send_json($result);
}, 99);
