using System.Net.Sockets;

namespace MeaiRouter.Testing.Tests;

public sealed class LifetimeTests : ProviderTest
{
    [Fact]
    public async Task Disposing_ends_what_still_plays_at_once()
    {
        Script.Next(Fault.Silence()).Next(Reply.Text("one two").StallAfter(1)).Next(Reply.Text("x").WithDelay(TimeSpan.FromHours(1)));
        var calls = new[] { SendAndReadAsync(streaming: false), SendAndReadAsync(streaming: true), SendAndReadAsync(streaming: true) };
        await Provider.WaitForRequestsAsync(3).WaitAsync(Patience);
        var requests = Provider.Requests;

        // Well under the thirty seconds that a host grants its requests.
        await Provider.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));

        foreach (var call in calls)
            await Assert.ThrowsAnyAsync<Exception>(() => call);
        foreach (var request in requests)
            Assert.Equal(RequestOutcome.Stopped, await request.Ended.WaitAsync(Patience));
        Assert.All(requests, static r => Assert.True(r.ClientAborted.IsCanceled));
    }

    [Fact]
    public async Task Disposing_twice_is_harmless_and_the_port_refuses_then()
    {
        await Provider.DisposeAsync();
        await Provider.DisposeAsync();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(streaming: false));
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(refused.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task A_provider_can_come_back_on_its_port()
    {
        await Provider.DisposeAsync();

        await using var again = await ScriptedProvider.StartAsync("again", Provider.BaseUrl.Port);

        Assert.Equal(Provider.BaseUrl, again.BaseUrl);
        Assert.Equal($"again at http://127.0.0.1:{Provider.BaseUrl.Port}/v1", again.ToString());
        await Assert.ThrowsAsync<IOException>(() => ScriptedProvider.StartAsync("third", Provider.BaseUrl.Port));
    }

    [Fact]
    public async Task The_environment_does_not_matter()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://127.0.0.1:1");
        Environment.SetEnvironmentVariable("ASPNETCORE_HTTP_PORTS", "1");
        try
        {
            await using var provider = await ScriptedProvider.StartAsync("other");

            Assert.NotEqual(1, provider.BaseUrl.Port);
            Assert.Equal("http://127.0.0.1", provider.BaseUrl.GetLeftPart(UriPartial.Authority)[..16]);
        }
        finally
        {
            Environment.SetEnvironmentVariable("ASPNETCORE_URLS", null);
            Environment.SetEnvironmentVariable("ASPNETCORE_HTTP_PORTS", null);
        }
    }
}
