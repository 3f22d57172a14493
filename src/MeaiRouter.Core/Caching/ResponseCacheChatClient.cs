using System.Runtime.CompilerServices;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Caching;

/// <summary>Answers a request that was answered before from what was said then, at no cost. Equal requests under way are merged.</summary>
/// <remarks>
/// <para>
/// Two requests are equal if they come from the same caller and everything in them that may change the answer is equal; the order of JSON
/// properties is not, nor is streaming. Only whole answers are kept: those with a finish reason and without an error.
/// </para>
/// <para>
/// Whoever waits for an equal request of somebody else gets its answer when it is whole, streamed or not. Should that request fail or be
/// cancelled, the next in line asks by himself. Requests that ask for zero data retention are neither answered from the cache nor kept.
/// </para>
/// </remarks>
public sealed class ResponseCacheChatClient : LayerChatClient
{
    private readonly IResponseCacheStore _store;
    private readonly ResponseCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly RouterChatClient? _router;
    private readonly Flights _flights = new();

    /// <summary>Creates the layer.</summary>
    /// <param name="innerClient">The client to ask what is not in the cache.</param>
    /// <param name="store">Where answers are kept.</param>
    /// <param name="options">What to keep and for how long; <see langword="null"/> for the defaults. Copied.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public ResponseCacheChatClient(
        IChatClient innerClient, IResponseCacheStore store, ResponseCacheOptions? options = null, TimeProvider? timeProvider = null)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(store);

        _store = store;
        _options = (options ?? new ResponseCacheOptions()).Validated();
        _time = timeProvider ?? TimeProvider.System;
        _router = innerClient.GetService<RouterChatClient>();
    }

    private protected override PipelineStage Stage => PipelineStage.ResponseCache;

    private protected override TimeProvider Clock => _time;

    private protected override Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken) =>
        LookUp(context, messages, options) is { } request
            ? RespondAsync(request, context, messages, options, cancellationToken)
            : InnerClient.GetResponseAsync(messages, Inwards(options), cancellationToken);

    private protected override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken) =>
        LookUp(context, messages, options) is { } request
            ? StreamAsync(request, context, messages, options, cancellationToken)
            : InnerClient.GetStreamingResponseAsync(messages, Inwards(options), cancellationToken);

    private async Task<ChatResponse> RespondAsync(
        Request request, RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        if (await FindOrLeadAsync(request, context, cancellationToken).ConfigureAwait(false) is { } hit)
            return hit;

        CachedAnswer? kept = null;
        try
        {
            var response = await InnerClient.GetResponseAsync(messages, Inwards(options), cancellationToken).ConfigureAwait(false);
            kept = await KeepAsync(request, context, response).ConfigureAwait(false);
            return response;
        }
        finally
        {
            _flights.Land(request.Key, kept);
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        Request request, RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await FindOrLeadAsync(request, context, cancellationToken).ConfigureAwait(false) is { } hit)
        {
            foreach (var update in hit.ToChatResponseUpdates())
                yield return update;
            yield break;
        }

        CachedAnswer? kept = null;
        try
        {
            var updates = new List<ChatResponseUpdate>();
            await foreach (var update in InnerClient.GetStreamingResponseAsync(messages, Inwards(options), cancellationToken).ConfigureAwait(false))
            {
                updates.Add(update);
                yield return update;
            }

            kept = await KeepAsync(request, context, updates.ToChatResponse()).ConfigureAwait(false);
        }
        finally
        {
            _flights.Land(request.Key, kept);
        }
    }

    private Request? LookUp(RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        if (context.WantsEmbeddings)
            return null;

        // OpenRouter: a preset that switches the cache off wins; otherwise the request's own word does.
        var (asked, preset) = (options.GetCacheSwitch(), _router?.PresetOf(context));
        if (preset?.CacheEnabled == false || !(asked?.Enabled ?? preset?.CacheEnabled ?? _options.Enabled))
            return null;

        var key = CacheKey.Of(context, messages, options, out var reason);
        if (key is null)
            context.Note($"The response cache was passed by. {reason}");
        return key is null ? null : new Request(key, asked?.TimeToLive ?? preset?.CacheTimeToLive ?? _options.TimeToLive, asked?.Renew ?? false);
    }

    /// <summary>The answer, if it is known or somebody else gets it; otherwise <see langword="null"/>, and the caller leads the flight.</summary>
    private async ValueTask<ChatResponse?> FindOrLeadAsync(Request request, RouteContext context, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Led before the store is asked: an answer that lands in between is then in the store.
            if (_flights.JoinOrLead(request.Key) is { } flight)
            {
                if (await flight.WaitAsync(cancellationToken).ConfigureAwait(false) is { } shared)
                    return Hit(shared, request, context, isCoalesced: true);
                continue;
            }

            try
            {
                if (!request.Renew && await GetAsync(request, context, cancellationToken).ConfigureAwait(false) is { } known)
                {
                    _flights.Land(request.Key, known);
                    return Hit(known, request, context, isCoalesced: false);
                }
            }
            catch
            {
                _flights.Land(request.Key, null);
                throw;
            }

            CacheMetrics.Miss();
            context.Cache = new CacheUse(IsHit: false, request.TimeToLive, TimeSpan.Zero, SourceId: null);
            return null;
        }
    }

    private ChatResponse Hit(CachedAnswer answer, in Request request, RouteContext context, bool isCoalesced)
    {
        CacheMetrics.Hit(context, isCoalesced);
        var now = _time.GetUtcNow();
        context.Cache = new CacheUse(IsHit: true, request.TimeToLive, now - answer.GivenAt, answer.SourceId) { Provider = answer.Provider, Model = answer.Model };
        return answer.ToResponse(context.Id, now);
    }

    private async ValueTask<CachedAnswer?> GetAsync(Request request, RouteContext context, CancellationToken cancellationToken)
    {
        try
        {
            if (await _store.GetAsync(request.Key, cancellationToken).ConfigureAwait(false) is not { } stored)
                return null;

            // A request may ask for fresher answers than the one that was kept for another.
            var answer = CachedAnswer.Read(stored.Span);
            return answer is not null && _time.GetUtcNow() - answer.GivenAt < request.TimeToLive ? answer : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            context.Note($"The response cache could not be read: {exception.GetType().Name}.");
            return null;
        }
    }

    private async ValueTask<CachedAnswer?> KeepAsync(Request request, RouteContext context, ChatResponse response)
    {
        if (!IsWhole(response))
            return null;

        try
        {
            var answer = CachedAnswer.Of(response, context, _time.GetUtcNow());
            var bytes = answer.Write();
            if (bytes.Length > _options.MaxAnswerBytes)
                return null;

            // Not the caller's cancellation: he has his answer, and others may want it.
            await _store.SetAsync(request.Key, bytes, request.TimeToLive, CancellationToken.None).ConfigureAwait(false);
            return answer;
        }
        catch (Exception exception)
        {
            context.Note($"The answer could not be kept in the response cache: {exception.GetType().Name}.");
            return null;
        }
    }

    private static bool IsWhole(ChatResponse response) =>
        response is { FinishReason: not null, ConversationId: null, ContinuationToken: null }
        && response.FinishReason != ChatFinishReason.ContentFilter
        && response.Messages.All(static message => message.Contents.All(static content => content is not ErrorContent));

    private readonly record struct Request(string Key, TimeSpan TimeToLive, bool Renew);
}
