using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Gateway.Media;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Normalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeaiRouter.Gateway.Tests.Media;

/// <summary>Pictures by address, before endpoints that take them only as data.</summary>
public sealed class FetchMediaTests : GatewayTest
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";
    private const string Messages = "/v1/messages";
    private const string NotPublic = "its host is not on the public internet";

    // Somebody's own public address: nobody is asked there, the test connects elsewhere.
    private static readonly IPAddress Public = IPAddress.Parse("93.184.215.14");

    private readonly ManualTimeProvider _time = new();

    private MediaServer _server = null!;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Dialects:inline:Media:Images:TakesUrls"] = "false",
        ["MeaiRouter:Providers:first:Dialect"] = "inline",
        ["MeaiRouter:Providers:second:Dialect"] = "inline",
    };

    public override async Task InitializeAsync()
    {
        _server = await MediaServer.StartAsync();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(Chat, false)]
    [InlineData(Chat, true)]
    [InlineData(Responses, false)]
    [InlineData(Messages, false)]
    public async Task A_picture_on_the_public_internet_is_sent_as_data(string path, bool streaming)
    {
        FirstScript.Answers("A picture.");
        await using var gateway = await StartAsync();

        var answer = await AskAsync(gateway, "http://pictures.example/picture?sign=secret", path, streaming);

        Assert.Equal(200, answer.Status);
        Assert.Equal("data:image/png;base64," + Convert.ToBase64String(MediaServer.Picture), SentPicture());
    }

    [Fact]
    public async Task Nothing_goes_along_that_could_identify_or_admit_the_gateway()
    {
        FirstScript.Answers("A picture.");
        await using var gateway = await StartAsync();

        await AskAsync(gateway, "http://pictures.example/picture");
        await AskAsync(gateway, "http://pictures.example/picture");

        Assert.Equal(["/picture", "/picture"], _server.Requests.Select(static request => request.Path));
        Assert.All(_server.Requests, static request => Assert.Equal(["Host"], request.Headers));
    }

    [Fact]
    public async Task An_address_that_occurs_twice_is_fetched_once_and_the_trace_says_what_was_done()
    {
        FirstScript.Answers("A picture.");
        await using var gateway = await StartAsync();

        var body = Body("http://pictures.example/picture", Chat, streaming: false);
        body["messages"]!.AsArray().Add(body["messages"]![0]!.DeepClone());

        Assert.Equal(200, (await gateway.PostAsync(body)).Status);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData("http://pictures.example/again?times=3", 200)]
    [InlineData("http://pictures.example/to?address=http://others.example/picture", 200)]
    [InlineData("http://pictures.example/again?times=4", 400)]
    public async Task Redirects_are_followed_three_times(string address, int status)
    {
        FirstScript.Answers("A picture.");
        await using var gateway = await StartAsync();

        var answer = await AskAsync(gateway, address);

        Assert.Equal(status, answer.Status);
        if (status != 200)
            Assert.Contains("it leads on more than 3 times", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://pictures.example/nowhere", "it leads on to nowhere")]
    [InlineData("http://pictures.example/missing", "its host answers with the status 404")]
    [InlineData("http://pictures.example/page", "its content type is not image/*")]
    [InlineData("http://pictures.example/packed", "it comes compressed, though nobody asked for that")]
    [InlineData("http://pictures.example/large", "it has more than 1000 bytes")]
    [InlineData("http://pictures.example/endless", "it has more than 1000 bytes")]
    [InlineData("http://closed.example/picture", "its host cannot be reached")]
    [InlineData("http://user:word@pictures.example/picture", "addresses with a name or password in them are not fetched")]
    [InlineData("ftp://pictures.example/picture", "only http and https addresses are fetched")]
    [InlineData("file:///etc/passwd", "only http and https addresses are fetched")]
    [InlineData("http://inside.example/picture", NotPublic)]
    [InlineData("http://mixed.example/picture", NotPublic)]
    [InlineData("http://mapped.example/picture", NotPublic)]
    [InlineData("http://pictures.example/to?address=http://inside.example/picture", NotPublic)]
    [InlineData("http://pictures.example/to?address=http://127.0.0.1/picture", NotPublic)]
    [InlineData("http://pictures.example/to?address=http://169.254.169.254/latest/meta-data", NotPublic)]
    [InlineData("http://pictures.example/to?address=file:///etc/passwd", "only http and https addresses are fetched")]
    public async Task What_is_not_fetched_is_refused_with_the_reason_and_no_provider_is_asked(string address, string reason)
    {
        await using var gateway = await StartAsync();

        var answer = await AskAsync(gateway, address);

        Assert.Equal(400, answer.Status);
        Assert.Contains($"is not to be had: {reason}. Send the data itself.", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(".example", answer.Body, StringComparison.Ordinal);
        Assert.Equal((0, 0), (First.RequestCount, Second.RequestCount));
    }

    [Fact]
    public async Task What_takes_too_long_is_given_up()
    {
        await using var gateway = await StartAsync();

        var asking = AskAsync(gateway, "http://pictures.example/slow", fields: ("provider", new JsonObject { ["only"] = new JsonArray("first") }));
        await _time.ArmedAsync(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));
        var answer = await asking.WaitAsync(Patience);

        Assert.Equal(400, answer.Status);
        Assert.Contains("it did not arrive within 5 seconds", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 400)]
    public async Task By_https_the_server_must_be_who_it_says(bool isTrusted, int status)
    {
        FirstScript.Answers("A picture.");
        await using var server = await MediaServer.StartAsync(isSecure: true);
        var connections = new PublicConnections(
            static (_, _) => Task.FromResult<IPAddress[]>([Public]), (address, cancellationToken) => ConnectAsync(address.Port == 443 ? server.Port : 0, cancellationToken));
        var tls = new SslClientAuthenticationOptions();
        if (isTrusted)
            tls.RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == server.Certificate!.GetCertHashString();
        using var fetcher = new GuardedMediaFetcher(new MediaSettings(), TimeProvider.System, connections, tls);
        await using var gateway = await StartGatewayAsync(router => router.Services.Replace(ServiceDescriptor.Singleton<IMediaFetcher>(fetcher)));

        var answer = await AskAsync(gateway, "https://pictures.example/picture");

        Assert.Equal(status, answer.Status);
        if (isTrusted)
            Assert.Equal("data:image/png;base64," + Convert.ToBase64String(MediaServer.Picture), SentPicture());
        else
            Assert.Contains("its host cannot be reached", answer.Body, StringComparison.Ordinal);
    }

    // As an operator has it, without anything of the test's in between.
    [Theory]
    [InlineData("http://127.0.0.1:PORT/picture")]
    [InlineData("http://localhost:PORT/picture")]
    [InlineData("http://2130706433:PORT/picture")]
    [InlineData("http://0x7f000001:PORT/picture")]
    [InlineData("http://0177.0.0.1:PORT/picture")]
    [InlineData("http://127.1:PORT/picture")]
    [InlineData("http://0.0.0.0:PORT/picture")]
    [InlineData("http://[::1]:PORT/picture")]
    [InlineData("http://[::]:PORT/picture")]
    [InlineData("http://[::ffff:127.0.0.1]:PORT/picture")]
    [InlineData("http://[::ffff:7f00:1]:PORT/picture")]
    [InlineData("http://[64:ff9b::7f00:1]:PORT/picture")]
    [InlineData("http://[fd00::1]/picture")]
    [InlineData("http://[fe80::1]/picture")]
    [InlineData("http://10.0.0.1/picture")]
    [InlineData("http://100.64.0.1/picture")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://172.16.0.1/picture")]
    [InlineData("http://192.168.1.1/picture")]
    [InlineData("http://224.0.0.1/picture")]
    public async Task Addresses_that_are_not_public_are_never_connected_to_however_they_are_spelled(string address)
    {
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Gateway:FetchMedia:AllowHttp", "true"));

        var answer = await AskAsync(gateway, address.Replace("PORT", $"{_server.Port}", StringComparison.Ordinal));

        Assert.Equal(400, answer.Status);
        Assert.Contains(NotPublic, answer.Body, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData(null, "takes images only as data in the request")]
    [InlineData("false", "takes images only as data in the request")]
    [InlineData("true", "only https addresses are fetched")]
    public async Task Nothing_is_fetched_by_default_and_then_only_by_https(string? setting, string reason)
    {
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Gateway:FetchMedia", setting));

        var answer = await AskAsync(gateway, "http://93.184.215.14/picture");

        Assert.Equal(400, answer.Status);
        Assert.Contains(reason, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_takes_addresses_is_given_them_and_nothing_is_fetched()
    {
        SecondScript.Answers("A picture.");
        await using var gateway = await StartAsync(("MeaiRouter:Providers:second:Dialect", null));

        var answer = await AskAsync(gateway, "http://inside.example/picture");

        Assert.Equal(200, answer.Status);
        Assert.Equal((0, 1), (First.RequestCount, Second.RequestCount));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_request_may_not_make_many()
    {
        await using var gateway = await StartAsync();
        var body = Body("http://pictures.example/picture", Chat, streaming: false);
        for (var i = 1; i <= 20; i++)
        {
            var more = body["messages"]![0]!.DeepClone();
            more["content"]![0]!["image_url"]!["url"] = $"http://pictures.example/picture?{i}";
            body["messages"]!.AsArray().Add(more);
        }

        var answer = await gateway.PostAsync(body);

        Assert.Equal(400, answer.Status);
        Assert.Contains("the messages hold 21 addresses; at most 20 are fetched", answer.Body, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    private async Task<RunningGateway> StartAsync(params (string Key, string? Value)[] settings)
    {
        var connections = new PublicConnections(
            static (host, _) => Task.FromResult(host switch
            {
                "inside.example" => [IPAddress.Parse("10.0.0.5")],
                "mixed.example" => [Public, IPAddress.Loopback],
                "mapped.example" => [IPAddress.Loopback.MapToIPv6()],
                "closed.example" => [IPAddress.Parse("1.1.1.1")],
                _ => IPAddress.TryParse(host, out var literal) ? [literal] : new[] { Public },
            }),
            async (address, cancellationToken) =>
            {
                // The one address where there is somebody.
                Assert.Equal(80, address.Port);
                if (!address.Address.Equals(Public))
                    throw new SocketException((int)SocketError.ConnectionRefused);
                return await ConnectAsync(_server.Port, cancellationToken);
            });
        var fetcher = new GuardedMediaFetcher(new MediaSettings { AllowHttp = true, MaxBytes = 1000 }, _time, connections);
        return await StartGatewayAsync(router => router.Services.Replace(ServiceDescriptor.Singleton<IMediaFetcher>(fetcher)), settings);
    }

    private static async ValueTask<Stream> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static Task<HttpAnswer> AskAsync(
        RunningGateway gateway, string address, string path = Chat, bool streaming = false, params ReadOnlySpan<(string Name, JsonNode Value)> fields)
    {
        var body = Body(address, path, streaming);
        foreach (var (name, value) in fields)
            body[name] = value;
        return gateway.PostAsync(body, path: path);
    }

    private static JsonObject Body(string address, string path, bool streaming)
    {
        JsonObject part = path switch
        {
            Responses => new() { ["type"] = "input_image", ["image_url"] = address },
            Messages => new() { ["type"] = "image", ["source"] = new JsonObject { ["type"] = "url", ["url"] = address } },
            _ => new() { ["type"] = "image_url", ["image_url"] = new JsonObject { ["url"] = address } },
        };
        var body = new JsonObject { ["model"] = Model, ["stream"] = streaming };
        if (path == Messages)
            body["max_tokens"] = 100;
        body[path == Responses ? "input" : "messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = new JsonArray(part) });
        return body;
    }

    private string? SentPicture() => First.Requests.Single().Body.GetProperty("messages")[0].GetProperty("content")[0].GetProperty("image_url").GetProperty("url").GetString();
}
