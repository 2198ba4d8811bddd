<?php
// A shop in PHP, with curl and openssl alone. `php pay.php pay`, or `php pay.php verify` with a webhook on standard input.
[$base, $key] = [getenv('BASE_URL'), getenv('SHOP_ID') . ':' . getenv('SECRET_KEY')];

function ask(string $path, ?array $request = null): array
{
    global $base, $key;
    $curl = curl_init($base . $path);
    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_USERPWD => $key]);
    if ($request !== null) {
        $headers = ['Content-Type: application/json', 'RequestID: ' . bin2hex(random_bytes(16))];
        $body = json_encode(['request' => $request]);
        curl_setopt_array($curl, [CURLOPT_POSTFIELDS => $body, CURLOPT_HTTPHEADER => $headers]);
    }
    $body = json_decode(curl_exec($curl), true);
    return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $body];
}

function result(array $request): array
{
    [, $task] = ask('/async/transactions/payments', $request);
    do {
        usleep(50_000);
        [$status, $body] = ask("/async/result/{$task['request_id']}");
    } while (($body['status'] ?? '') === 'processing');
    return [$status, $body, $task['request_id']];
}

if ($argv[1] === 'verify') {
    $pem = "-----BEGIN PUBLIC KEY-----\n" . chunk_split(getenv('PUBLIC_KEY'), 64, "\n") . '-----END PUBLIC KEY-----';
    $valid = openssl_verify(stream_get_contents(STDIN), base64_decode(getenv('SIGNATURE')), $pem, OPENSSL_ALGO_SHA256);
    exit($valid === 1 ? 0 : 1);
}
$card = ['number' => '4200000000000000', 'verification_value' => '123', 'exp_month' => '05', 'exp_year' => '2035'];
$order = ['amount' => 3245, 'currency' => 'KZT', 'description' => 'Order', 'credit_card' => $card];
$order += ['tracking_id' => 'paid', 'notification_url' => getenv('NOTIFICATION_URL')];
[, $paid] = result($order);
echo "payment {$paid['transaction']['status']}\n";
[$status, , $task] = result(['tracking_id' => 'broken', 'amount' => 1] + $order);
[$again, $unknown] = ask("/async/result/$task");
echo "error $status, then $again {$unknown['status']}\n";
[, $listed] = ask('/v2/transactions/tracking_id/paid');
echo "lookup {$listed['transactions'][0]['status']}\n";
