using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MeaiRouter.Attempts;

namespace MeaiRouter.Core.Tests.Attempts;

public sealed class FailureClassifierTests
{
    [Theory]
    [InlineData(200, FailureKind.Unknown)]
    [InlineData(302, FailureKind.Unknown)]
    [InlineData(400, FailureKind.InvalidRequest)]
    [InlineData(401, FailureKind.Unauthorized)]
    [InlineData(402, FailureKind.PaymentRequired)]
    [InlineData(403, FailureKind.PermissionDenied)]
    [InlineData(404, FailureKind.ModelNotFound)]
    [InlineData(408, FailureKind.Timeout)]
    [InlineData(413, FailureKind.RequestTooLarge)]
    [InlineData(422, FailureKind.InvalidRequest)]
    [InlineData(429, FailureKind.RateLimited)]
    [InlineData(500, FailureKind.ServerError)]
    [InlineData(502, FailureKind.Unavailable)]
    [InlineData(503, FailureKind.Unavailable)]
    [InlineData(504, FailureKind.Timeout)]
    [InlineData(507, FailureKind.ServerError)]
    [InlineData(524, FailureKind.Timeout)]
    [InlineData(529, FailureKind.Overloaded)]
    public void A_status_stands_for_a_kind_whoever_reports_it(int status, FailureKind kind)
    {
        Assert.Equal(kind, FailureClassifier.FromStatus(status));

        Exception[] reports =
        [
            new HttpRequestException("m", null, (HttpStatusCode)status),
            new ClientModelStyleException(status),
            new AnthropicStyleException((HttpStatusCode)status),
            new InvalidOperationException("m", new ClientModelStyleException(status)),
            new AggregateException("m", new InvalidOperationException("m", new AnthropicStyleException((HttpStatusCode)status))),
            new StatusTextException(status),
            new HidingException(status),
        ];
        Assert.All(reports, report =>
        {
            var read = FailureClassifier.Read(report, "acme", "acme/eu");
            Assert.Equal((kind, (int?)status), (read.Kind, read.Status));
        });
    }

    public static TheoryData<Exception, FailureKind> Thrown => new()
    {
        { new OperationCanceledException(), FailureKind.Timeout },
        { new TaskCanceledException("m", new TimeoutException()), FailureKind.Timeout },
        { new TimeoutException(), FailureKind.Timeout },
        { new HttpRequestException("m", new SocketException((int)SocketError.ConnectionRefused)), FailureKind.ConnectionFailed },
        { new HttpRequestException(HttpRequestError.NameResolutionError), FailureKind.ConnectionFailed },
        { new HttpRequestException(HttpRequestError.ResponseEnded), FailureKind.Truncated },
        { new HttpIOException(HttpRequestError.ResponseEnded), FailureKind.Truncated },
        { new SocketException((int)SocketError.ConnectionReset), FailureKind.ConnectionFailed },
        { new IOException("m"), FailureKind.ConnectionFailed },
        { new JsonException("m"), FailureKind.MalformedAnswer },
        { new InvalidOperationException("m", new JsonException("m")), FailureKind.MalformedAnswer },
        { new AggregateException(new IOException("m")), FailureKind.ConnectionFailed },
        { new InvalidOperationException("m"), FailureKind.Unknown },
        { new ClientModelStyleException(0, new HttpRequestException("m", new SocketException())), FailureKind.ConnectionFailed },
        { new ClientModelStyleException(0), FailureKind.Unknown },
        { new ThrowingStatusException(), FailureKind.Unknown },
    };

    [Theory]
    [MemberData(nameof(Thrown), DisableDiscoveryEnumeration = true)]
    public void An_exception_without_a_status_is_read_by_what_it_is(Exception exception, FailureKind kind)
    {
        var read = FailureClassifier.Read(exception, "acme", "acme/eu");

        Assert.Equal(
            (kind, exception.Message, exception, null, "acme", "acme/eu"),
            (read.Kind, read.Message, read.InnerException, read.Status, read.Provider, read.Endpoint));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_one_of_our_own_clients_found_out_is_kept_also_when_somebody_wrapped_it(bool wrapped)
    {
        var thrown = new RouterException(FailureKind.RateLimited, "Slow down.")
        {
            Status = 429, ProviderCode = "rate_limit_exceeded", RequestId = "req-1", RetryAfter = TimeSpan.FromSeconds(7),
        };

        var read = FailureClassifier.Read(wrapped ? new InvalidOperationException("Wrapped.", thrown) : thrown, "acme", "acme/eu");

        Assert.Equal(
            (FailureKind.RateLimited, "Slow down.", 429, "rate_limit_exceeded", "req-1", TimeSpan.FromSeconds(7), "acme", "acme/eu"),
            (read.Kind, read.Message, read.Status, read.ProviderCode, read.RequestId, read.RetryAfter, read.Provider, read.Endpoint));
        Assert.Empty(read.Attempts);
    }

    [Fact]
    public void The_provider_a_failure_names_itself_wins()
    {
        var read = FailureClassifier.Read(
            new RouterException(FailureKind.ServerError, "m") { Provider = "inner", Endpoint = "inner/eu" }, "acme", "acme/us");

        Assert.Equal(("inner", "inner/eu"), (read.Provider, read.Endpoint));
    }

    /// <summary>As System.ClientModel and Azure have it.</summary>
    private sealed class ClientModelStyleException(int status, Exception? inner = null) : Exception("m", inner)
    {
        public int Status => status;
    }

    /// <summary>As Anthropic's SDK has it.</summary>
    private sealed class AnthropicStyleException(HttpStatusCode status) : Exception("m")
    {
        public HttpStatusCode StatusCode => status;
    }

    /// <summary>As Google's SDKs have it: the status is a word, the code a number.</summary>
    private sealed class StatusTextException(int status) : Exception("m")
    {
        public string Status { get; } = "RESOURCE_EXHAUSTED";

        public int StatusCode => status;
    }

    private class HiddenException(int status) : Exception("m")
    {
        public HttpStatusCode? StatusCode => (HttpStatusCode)status;
    }

    /// <summary>Narrows the property of its base, which makes it ambiguous to reflection.</summary>
    private sealed class HidingException(int status) : HiddenException(status)
    {
        public new HttpStatusCode StatusCode => base.StatusCode!.Value;
    }

    private sealed class ThrowingStatusException(int? status = null) : Exception
    {
        public int Status => status ?? throw new InvalidOperationException("No status.");
    }
}
