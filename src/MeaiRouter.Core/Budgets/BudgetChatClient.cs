using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using MeaiRouter.Costs;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Budgets;

/// <summary>Keeps calls within budgets: each attempt is held at the most it can cost before its provider is called, and booked at what it did cost.</summary>
/// <remarks>
/// <para>
/// Who asks is said by <c>options.WithCaller(...)</c>, <c>WithUser</c>, <c>WithTag</c> and <c>WithSessionId</c>. A call for which a budget has no room fails
/// with a <see cref="RouterException"/> whose <see cref="RouterException.BudgetRefusal"/> says which and why, before anything is sent;
/// where a router has cheaper endpoints, those are tried first.
/// </para>
/// <para>
/// The most a call can cost is the bytes of its prompt, of which no tokenizer makes more tokens, at the dearest price of input, and the longest answer the
/// request, the endpoint or the model allows, at the dearest price of output. A hard budget can be passed only by what a provider charges beyond that.
/// </para>
/// </remarks>
public sealed class BudgetChatClient : LayerChatClient
{
    private readonly BudgetBook _budgets;
    private readonly PriceBook _prices;
    private readonly string? _defaultModel;
    private bool _isDisposed;

    /// <summary>Creates the layer.</summary>
    /// <param name="innerClient">The client whose calls are kept within the budgets. Where it does not track costs, it is wrapped in a layer that does.</param>
    /// <param name="budgets">The budgets.</param>
    /// <param name="prices">Prices for what no catalogue describes; <see langword="null"/> for none.</param>
    /// <param name="timeProvider">The clock of attempts where the layer has to track costs itself; <see langword="null"/> for the system's.</param>
    /// <exception cref="InvalidOperationException">
    /// A layer that belongs outside this one is inside, or there is neither a layer inside that tracks costs nor a price book.
    /// </exception>
    public BudgetChatClient(IChatClient innerClient, BudgetBook budgets, PriceBook? prices = null, TimeProvider? timeProvider = null)
        : base(Tracked(innerClient, prices, timeProvider))
    {
        ArgumentNullException.ThrowIfNull(budgets);

        _budgets = budgets;
        BudgetMetrics.Books.Add(budgets);
        _prices = prices ?? PriceBook.Empty;

        // Behind a router or a fallback layer each attempt has a model of its own.
        if (!Contains(PipelineStage.Routing) && !Contains(PipelineStage.Fallback))
            _defaultModel = innerClient.GetService<ChatClientMetadata>()?.DefaultModelId;
    }

    private protected override PipelineStage Stage => PipelineStage.Budgets;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !Interlocked.Exchange(ref _isDisposed, true))
            BudgetMetrics.Books.Remove(_budgets);
        base.Dispose(disposing);
    }

    private protected override Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken) =>
        Open(context, options) is { } request
            ? RespondAsync(request, messages, options, cancellationToken)
            : InnerClient.GetResponseAsync(messages, options, cancellationToken);

    private protected override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken) =>
        Open(context, options) is { } request
            ? StreamAsync(request, messages, options, cancellationToken)
            : InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);

    private async Task<ChatResponse> RespondAsync(
        RequestBudget request, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await request.EnterAsync(cancellationToken).ConfigureAwait(false);
            return await InnerClient.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch (RouterException failure) when (request.Verdict(failure) is { } verdict)
        {
            throw verdict;
        }
        finally
        {
            await request.SettleAsync().ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RequestBudget request, IReadOnlyList<ChatMessage> messages, ChatOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await request.EnterAsync(cancellationToken).ConfigureAwait(false);
            var updates = InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            try
            {
                while (true)
                {
                    try
                    {
                        if (!await updates.MoveNextAsync().ConfigureAwait(false))
                            break;
                    }
                    catch (RouterException failure) when (request.Verdict(failure) is { } verdict)
                    {
                        throw verdict;
                    }

                    yield return updates.Current;
                }
            }
            finally
            {
                await updates.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await request.SettleAsync().ConfigureAwait(false);
        }
    }

    private RequestBudget? Open(RouteContext context, ChatOptions options)
    {
        var index = _budgets.Index;
        var caller = index.OfCaller(options);
        if (caller.Length == 0 && !index.HasEndpoints)
            return null;

        var request = new RequestBudget(_budgets, index, caller, options.GetCaller(), _prices, _defaultModel, context);
        context.Gate = request;
        return request;
    }

    private static IChatClient Tracked(IChatClient client, PriceBook? prices, TimeProvider? time)
    {
        ArgumentNullException.ThrowIfNull(client);
        for (var layer = (IPipelineLayer?)client.GetService(typeof(IPipelineLayer)); layer is not null; layer = layer.Next)
        {
            // A layer that belongs outside is for the base class to name.
            if (layer.Stage <= PipelineStage.CostTracking)
                return client;
        }

        return prices is not null
            ? new CostTrackingChatClient(client, null, prices, time)
            : throw new InvalidOperationException(
                $"{nameof(BudgetChatClient)} must know what calls cost, but no {nameof(CostTrackingChatClient)} is inside it. " +
                $"Add {nameof(CostTrackingChatClient)} to the builder after {nameof(BudgetChatClient)}, or give it a {nameof(PriceBook)}.");
    }
}
