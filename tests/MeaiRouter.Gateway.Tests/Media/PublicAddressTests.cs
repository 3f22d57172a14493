using System.Net;
using MeaiRouter.Gateway.Media;

namespace MeaiRouter.Gateway.Tests.Media;

public sealed class PublicAddressTests
{
    // The first and the last of each special range.
    [Theory]
    [InlineData("0.0.0.0", "0.255.255.255")]
    [InlineData("10.0.0.0", "10.255.255.255")]
    [InlineData("100.64.0.0", "100.127.255.255")]
    [InlineData("127.0.0.0", "127.255.255.255")]
    [InlineData("169.254.0.0", "169.254.255.255")]
    [InlineData("172.16.0.0", "172.31.255.255")]
    [InlineData("192.0.0.0", "192.0.0.255")]
    [InlineData("192.0.2.0", "192.0.2.255")]
    [InlineData("192.88.99.0", "192.88.99.255")]
    [InlineData("192.168.0.0", "192.168.255.255")]
    [InlineData("198.18.0.0", "198.19.255.255")]
    [InlineData("198.51.100.0", "198.51.100.255")]
    [InlineData("203.0.113.0", "203.0.113.255")]
    [InlineData("224.0.0.0", "239.255.255.255")]
    [InlineData("240.0.0.0", "255.255.255.255")]
    [InlineData("::", "::1")]
    [InlineData("::ffff:0.0.0.0", "::ffff:255.255.255.255")]
    [InlineData("::8.8.8.8", "64:ff9b::808:808")]
    [InlineData("64:ff9b:1::1", "100::1")]
    [InlineData("2001::", "2001:1ff:ffff::")]
    [InlineData("2001:db8::", "2001:db8:ffff:ffff::")]
    [InlineData("2002::", "2002:ffff::")]
    [InlineData("3fff::", "3fff:fff:ffff::")]
    [InlineData("4000::", "5f00::1")]
    [InlineData("fc00::", "fdff:ffff::")]
    [InlineData("fe80::1", "febf::1")]
    [InlineData("fe80::1%1", "fec0::1")]
    [InlineData("ff00::", "ff02::1")]
    public void Special_addresses_are_not_public(string first, string last) =>
        Assert.All([first, last], address => Assert.False(PublicAddresses.Contain(IPAddress.Parse(address)), address));

    [Theory]
    [InlineData("1.1.1.1", "9.255.255.255")]
    [InlineData("11.0.0.0", "100.63.255.255")]
    [InlineData("100.128.0.0", "126.255.255.255")]
    [InlineData("128.0.0.0", "169.253.255.255")]
    [InlineData("169.255.0.0", "172.15.255.255")]
    [InlineData("172.32.0.0", "191.255.255.255")]
    [InlineData("192.0.1.0", "192.167.255.255")]
    [InlineData("192.169.0.0", "198.17.255.255")]
    [InlineData("198.20.0.0", "223.255.255.255")]
    [InlineData("2001:200::1", "2606:4700:4700::1111")]
    [InlineData("2003::1", "3ffe::1")]
    public void What_lies_between_is(string first, string last) =>
        Assert.All([first, last], address => Assert.True(PublicAddresses.Contain(IPAddress.Parse(address)), address));
}
