using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>HTTP/1.1 and HTTP/2, with TLS and without, as the section <c>Kestrel</c> has them.</summary>
public sealed class ProtocolTests : GatewayTest
{
    private const string Path = "/v1/chat/completions";

    private readonly string _certificateFile = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"meairouter-{Guid.NewGuid():n}.pfx");
    private X509Certificate2 _certificate = null!;

    public static TheoryData<string, string> Protocols => new()
    {
        { "http", "2.0" },
        { "https", "1.1" },
        { "https", "2.0" },
    };

    public override async Task InitializeAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllBytesAsync(_certificateFile, _certificate.Export(X509ContentType.Pfx, "secret"));
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _certificate.Dispose();
        File.Delete(_certificateFile);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_whole_answer_and_a_streamed_one_are_the_same(string scheme, string version)
    {
        FirstScript.Answers("Hello there");
        await using var gateway = await StartAsync(scheme, version);
        using var client = ClientOf(gateway, version);

        foreach (var streaming in new[] { false, true })
        {
            using var response = await SendAsync(client, Hello(streaming));
            Assert.Equal(Version.Parse(version), response.Version);
            Assert.Equal("Hello there", (await HttpAnswer.ReadAsync(response)).Text);
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_stream_arrives_piece_by_piece_and_the_caller_may_leave_in_its_midst(string scheme, string version)
    {
        FirstScript.Always(Reply.Chunks("one ", "two").StallAfter(1));
        await using var gateway = await StartAsync(scheme, version);
        using var client = ClientOf(gateway, version);

        using (var response = await SendAsync(client, Hello(streaming: true)))
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            var read = new StringBuilder();
            var buffer = new byte[1];
            while (!read.ToString().Contains("one ", StringComparison.Ordinal))
            {
                await stream.ReadExactlyAsync(buffer).AsTask().WaitAsync(Patience);
                read.Append((char)buffer[0]);
            }

            Assert.Equal(RequestOutcome.Pending, First.Requests.Single().Outcome);
        }

        await First.Requests.Single().ClientAborted.WaitAsync(Patience);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_caller_who_leaves_before_any_content_closes_the_providers_connection(string scheme, string version)
    {
        FirstScript.Always(Fault.Silence());
        await using var gateway = await StartAsync(scheme, version);
        using var client = ClientOf(gateway, version);
        using var leaving = new CancellationTokenSource();

        var asking = SendAsync(client, Hello(streaming: true), leaving.Token);
        await First.WaitForRequestsAsync(1).WaitAsync(Patience);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await First.Requests.Single().ClientAborted.WaitAsync(Patience);
        Assert.Equal(0, Second.RequestCount);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Many_calls_share_a_connection_and_one_that_is_refused_or_left_disturbs_none(string scheme)
    {
        const int Calls = 20;
        var release = new TaskCompletionSource();
        FirstScript.Always(Reply.Text("Hello").HoldContentUntil(release.Task));
        await using var gateway = await StartAsync(scheme, "2.0", ("MeaiRouter:Gateway:Limits:MaxBodyBytes", "5000"));
        using var client = ClientOf(gateway, "2.0", mostConnections: 1);
        using var leaving = new CancellationTokenSource();

        var asking = Enumerable.Range(0, Calls).Select(i => SendAsync(client, Hello(streaming: i % 2 == 0))).ToList();
        var left = SendAsync(client, Hello(streaming: true), leaving.Token);
        await First.WaitForRequestsAsync(Calls + 1).WaitAsync(Patience);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        using (var refused = await SendAsync(client, Hello(streaming: false, ("user", new string('x', 6000)))))
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        release.SetResult();

        foreach (var call in asking)
        {
            using var response = await call.WaitAsync(Patience);
            Assert.Equal("Hello", (await HttpAnswer.ReadAsync(response)).Text);
        }
    }

    private Task<RunningGateway> StartAsync(string scheme, string version, params ReadOnlySpan<(string Key, string? Value)> settings)
    {
        (string Key, string? Value)[] server = scheme == "https"
            ?
            [
                ("Kestrel:Endpoints:Main:Url", "https://127.0.0.1:0"),
                ("Kestrel:Endpoints:Main:Certificate:Path", _certificateFile),
                ("Kestrel:Endpoints:Main:Certificate:Password", "secret"),
            ]
            : [("Kestrel:Endpoints:Main:Url", "http://127.0.0.1:0"), ("Kestrel:Endpoints:Main:Protocols", version == "2.0" ? "Http2" : "Http1")];
        return StartGatewayAsync([.. server, .. settings]);
    }

    private HttpClient ClientOf(RunningGateway gateway, string version, int? mostConnections = null) =>
        new(new SocketsHttpHandler
        {
            MaxResponseDrainSize = 0,
            EnableMultipleHttp2Connections = false,
            MaxConnectionsPerServer = mostConnections ?? int.MaxValue,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == _certificate.GetCertHashString(),
            },
        })
        {
            BaseAddress = gateway.Address,
            Timeout = Patience,
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, object body, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = JsonContent.Create(body),
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Key}");
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }
}
