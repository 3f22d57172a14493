using MeaiRouter.Anthropic.Errors;
using MeaiRouter.Limits;

namespace MeaiRouter.Anthropic.Transport;

/// <summary>One call's place between the SDK and the wire, where the headers are that the SDK's exceptions leave out.</summary>
/// <param name="errors">Reads refusals.</param>
/// <param name="headers">Headers of this call, in addition to or in place of the SDK's.</param>
/// <param name="observer">Who is told about rate limits.</param>
/// <param name="time">The clock by which limits are read.</param>
/// <param name="cancellationToken">The caller's token: the SDK's own is cancelled by other things too.</param>
internal sealed class CallHandler(
    MessagesErrors errors,
    IReadOnlyDictionary<string, string> headers,
    IRateLimitObserver? observer,
    TimeProvider time,
    CancellationToken cancellationToken) : DelegatingHandler
{
    private const int MaxRefusalCharacters = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken sdkToken)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, sdkToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (TransportFailures.Read(exception, errors, answerBegan: false, requestId: null, cancellationToken) is { } failure)
        {
            throw failure;
        }

        Report(response);
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
            throw errors.FromHttp((int)response.StatusCode, response.Headers, await ReadRefusalAsync(response, sdkToken).ConfigureAwait(false));
    }

    private void Report(HttpResponseMessage response)
    {
        if (observer is null)
            return;

        var read = new RateLimitHeaders(time.GetUtcNow());
        foreach (var (name, value) in response.Headers.NonValidated)
        {
            if (RateLimitHeaders.MayBe(name))
                read.Add(name, value.ToString());
        }

        if (read.Limits is { } limits)
            observer.Observe(limits);
    }

    // A body that does not come must not hide the status that did.
    private async Task<string> ReadRefusalAsync(HttpResponseMessage response, CancellationToken sdkToken)
    {
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(sdkToken).ConfigureAwait(false));
            var buffer = new char[MaxRefusalCharacters];
            var length = await reader.ReadBlockAsync(buffer, sdkToken).ConfigureAwait(false);
            return new string(buffer, 0, length);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return "";
        }
    }
}
