using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Errors;

namespace MeaiRouter.OpenAI.Transport;

/// <summary>Reads bodies that are taken whole: answers, and the refusals in their place.</summary>
internal static class IncomingBody
{
    private const int MaxRefusalBytes = 64 * 1024;

    /// <summary>Reads an answer.</summary>
    /// <exception cref="RouterException">The connection broke, or the answer is longer than allowed.</exception>
    public static async ValueTask<PooledBody> ReadAsync(HttpResponseMessage response, string provider, int maxBytes, CancellationToken cancellationToken)
    {
        PooledBody body;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            body = await PooledBody.ReadAsync(stream, maxBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (TransportFailures.Read(exception, provider, answerBegan: true, cancellationToken) is { } failure)
        {
            throw failure;
        }

        if (!body.IsCut)
            return body;

        body.Dispose();
        throw new RouterException(FailureKind.MalformedAnswer, $"{provider} sent an answer of more than {maxBytes} bytes.") { Provider = provider };
    }

    /// <summary>Reads a refusal.</summary>
    public static async Task<RouterException> ReadRefusalAsync(
        HttpResponseMessage response, string provider, TimeProvider time, string[]? secrets, CancellationToken cancellationToken)
    {
        // A body that does not come must not hide the status that did.
        PooledBody? body = null;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            body = await PooledBody.ReadAsync(stream, MaxRefusalBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        using (body)
        {
            return ProviderErrors.FromHttp(
                provider, (int)response.StatusCode, response.Headers, body is null ? [] : body.Bytes, time, secrets);
        }
    }
}
