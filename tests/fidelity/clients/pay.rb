# A shop in Ruby, with its standard library alone. `ruby pay.rb pay`, or `ruby pay.rb verify` with a webhook on standard input.
require 'json'
require 'net/http'
require 'openssl'
require 'securerandom'

def ask(path, request = nil)
  uri = URI(ENV.fetch('BASE_URL') + path)
  http = request ? Net::HTTP::Post.new(uri) : Net::HTTP::Get.new(uri)
  http.basic_auth(ENV.fetch('SHOP_ID'), ENV.fetch('SECRET_KEY'))
  if request
    http['Content-Type'] = 'application/json'
    http['RequestID'] = SecureRandom.uuid
    http.body = { request: request }.to_json
  end
  response = Net::HTTP.start(uri.host, uri.port) { |connection| connection.request(http) }
  [response.code, JSON.parse(response.body)]
end

def result(request)
  task = ask('/async/transactions/payments', request).last.fetch('request_id')
  loop do
    sleep 0.05
    status, body = ask("/async/result/#{task}")
    return status, body, task unless body['status'] == 'processing'
  end
end

if ARGV.first == 'verify'
  key = OpenSSL::PKey::RSA.new(ENV.fetch('PUBLIC_KEY').unpack1('m'))
  exit key.verify('SHA256', ENV.fetch('SIGNATURE').unpack1('m'), $stdin.binmode.read)
end

card = { number: '4200000000000000', verification_value: '123', exp_month: '05', exp_year: '2035' }
order = { amount: 3245, currency: 'KZT', description: 'Order', credit_card: card,
          tracking_id: 'paid', notification_url: ENV.fetch('NOTIFICATION_URL') }
_, paid = result(order)
puts "payment #{paid['transaction']['status']}"
status, _, task = result(order.merge(tracking_id: 'broken', amount: 1))
again, unknown = ask("/async/result/#{task}")
puts "error #{status}, then #{again} #{unknown['status']}"
_, listed = ask('/v2/transactions/tracking_id/paid')
puts "lookup #{listed['transactions'].first['status']}"
