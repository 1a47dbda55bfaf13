# ruby stacks.rb activerecord URL MARK: three requests, each reads a customer and its order, marks the order and adds an item.
require 'active_record'

_, url, mark = ARGV
ActiveRecord::Base.establish_connection(url)
class Customer < ActiveRecord::Base; end
class Order < ActiveRecord::Base
  self.locking_column = :version
end
class OrderItem < ActiveRecord::Base; end

[1, 2, 3].each do |k|
  ActiveRecord::Base.transaction do
    ActiveRecord::Base.connection.execute("SET LOCAL anabranch.task = '#{mark}-#{k}'")
    customer = Customer.find(k)
    order = Order.find_by!(customer_id: k, status: 'open')
    order.update!(status: mark, total: order.total + customer.name.length)
    OrderItem.create!(order_id: order.id, sku: mark)
  end
end
puts 'activerecord done'
