namespace MeaiRouter.Diagnostics;

/// <summary>The names of everything MeaiRouter measures and traces. No other file spells one.</summary>
/// <remarks>
/// <para>
/// Names with the prefixes <c>gen_ai</c>, <c>server</c>, <c>http</c> and <c>error</c> are those of OpenTelemetry's semantic conventions, for generative AI
/// in version 1.41, the one Microsoft.Extensions.AI follows. For routing, attempts and cost there is no accepted convention (proposals:
/// open-telemetry/semantic-conventions-genai #299 and #443), so these have names of our own.
/// </para>
/// <para>
/// The conventions' own metrics, <c>gen_ai.client.token.usage</c> and <c>gen_ai.client.operation.duration</c>, are never recorded here: they belong to
/// Microsoft.Extensions.AI's <c>UseOpenTelemetry</c>, and a call must not be counted twice.
/// </para>
/// </remarks>
public static class TelemetryNames
{
    /// <summary>The source of all activities.</summary>
    public const string ActivitySource = "MeaiRouter";

    /// <summary>The meter of all metrics.</summary>
    public const string Meter = "MeaiRouter";

    // What is asked, and of whom.

    /// <summary>The operation: <see cref="Chat"/> or <see cref="Embeddings"/>.</summary>
    public const string Operation = "gen_ai.operation.name";

    /// <summary>The operation of a conversation.</summary>
    public const string Chat = "chat";

    /// <summary>The operation of making embeddings.</summary>
    public const string Embeddings = "embeddings";

    /// <summary>The provider called, by the conventions' name for it where they have one.</summary>
    public const string Provider = "gen_ai.provider.name";

    /// <summary>Of a span: the model sent to the endpoint. Of a metric: the catalogue's model, or without a catalogue the model as the answer names it.</summary>
    public const string Model = "gen_ai.request.model";

    /// <summary>Whether the answer was asked for as a stream.</summary>
    public const string Stream = "gen_ai.request.stream";

    /// <summary>The longest answer asked for, in tokens.</summary>
    public const string MaxTokens = "gen_ai.request.max_tokens";

    /// <summary>The temperature asked for.</summary>
    public const string Temperature = "gen_ai.request.temperature";

    /// <summary>The nucleus asked for.</summary>
    public const string TopP = "gen_ai.request.top_p";

    /// <summary>The model as the answer names it.</summary>
    public const string ResponseModel = "gen_ai.response.model";

    /// <summary>The provider's id of the answer.</summary>
    public const string ResponseId = "gen_ai.response.id";

    /// <summary>Why the answer ended; an array of one.</summary>
    public const string FinishReasons = "gen_ai.response.finish_reasons";

    /// <summary>All input tokens, those of the cache among them.</summary>
    public const string InputTokens = "gen_ai.usage.input_tokens";

    /// <summary>All output tokens, those of reasoning among them.</summary>
    public const string OutputTokens = "gen_ai.usage.output_tokens";

    /// <summary>Input tokens read from the provider's cache.</summary>
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";

    /// <summary>Input tokens written to the provider's cache.</summary>
    public const string CacheCreationTokens = "gen_ai.usage.cache_creation.input_tokens";

    /// <summary>Output tokens of reasoning.</summary>
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";

    /// <summary>The host of the endpoint.</summary>
    public const string ServerAddress = "server.address";

    /// <summary>The port of the endpoint.</summary>
    public const string ServerPort = "server.port";

    /// <summary>The HTTP status with which an attempt failed.</summary>
    public const string HttpStatus = "http.response.status_code";

    /// <summary>Why something failed, in OpenRouter's vocabulary, such as <c>rate_limit_exceeded</c>.</summary>
    public const string ErrorType = "error.type";

    // The request.

    /// <summary>The session or conversation that a caller of the gateway names.</summary>
    public const string ConversationId = "gen_ai.conversation.id";

    /// <summary>The name of the key that a caller of the gateway has.</summary>
    public const string KeyName = "meairouter.key";

    /// <summary>The id of the request, under which the ledger keeps it.</summary>
    public const string RequestId = "meairouter.request.id";

    /// <summary>The model as the caller named it: an alias, a preset, a model with a variant.</summary>
    public const string RequestedModel = "meairouter.request.model";

    /// <summary>How the request ended: <c>answered</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public const string RequestOutcome = "meairouter.request.outcome";

    /// <summary>The provider whose answer the caller got, as the configuration names it.</summary>
    public const string ChosenProvider = "meairouter.provider";

    /// <summary>The catalogue's model whose answer the caller got.</summary>
    public const string ChosenModel = "meairouter.model";

    /// <summary>The strategy that ordered the endpoints.</summary>
    public const string Strategy = "meairouter.strategy";

    /// <summary>Of a span: how many attempts were made. As a metric: a counter of attempts, by how they ended.</summary>
    public const string Attempts = "meairouter.attempts";

    /// <summary>Whether another endpoint answered than the one tried first.</summary>
    public const string Fallback = "meairouter.fallback";

    /// <summary>What all attempts cost together, in whole nano-dollars; absent where one is unpriced.</summary>
    public const string TotalCost = "meairouter.cost.total";

    /// <summary>A histogram of the seconds from a request to the end of its answer.</summary>
    public const string RequestDuration = "meairouter.request.duration";

    // The attempt.

    /// <summary>The endpoint called, by its tag.</summary>
    public const string Endpoint = "meairouter.endpoint";

    /// <summary>The attempt's place in the order in which attempts began, from 0.</summary>
    public const string AttemptIndex = "meairouter.attempt.index";

    /// <summary>Why an attempt was made: <c>first</c>, <c>retry</c>, <c>fallback</c>, <c>hedge</c>, <c>continuation</c> or <c>probe</c>.</summary>
    public const string AttemptReason = "meairouter.attempt.reason";

    /// <summary>How an attempt ended: <c>answered</c>, <c>failed</c>, <c>superseded</c> or <c>cancelled</c>.</summary>
    public const string Outcome = "meairouter.attempt.outcome";

    /// <summary>How an attempt failed, finer than <see cref="ErrorType"/>: the failure kind, such as <c>stalled</c>.</summary>
    public const string FailureKind = "meairouter.failure.kind";

    /// <summary>Seconds that the request waited before it tried again.</summary>
    public const string Backoff = "meairouter.attempt.backoff";

    /// <summary>Of a span: the seconds an attempt waited for room at its endpoint. As a metric: a histogram of those that had to.</summary>
    public const string QueueWait = "meairouter.queue.wait";

    /// <summary>Seconds from the call to the first text, reasoning, tool call or data of a streamed answer; as a metric a histogram.</summary>
    public const string TimeToFirstContent = "meairouter.time_to_first_content";

    /// <summary>Whether the tokens are an estimate.</summary>
    public const string UsageEstimated = "meairouter.usage.estimated";

    /// <summary>A histogram of the seconds of calls to providers, failed ones among them.</summary>
    public const string AttemptDuration = "meairouter.attempt.duration";

    /// <summary>A counter of tokens in disjoint buckets, so that their sum is the total.</summary>
    public const string Tokens = "meairouter.tokens";

    /// <summary>The bucket of tokens: <c>input</c>, <c>cache_read</c>, <c>cache_write</c>, <c>output</c> or <c>reasoning</c>.</summary>
    public const string TokenBucket = "meairouter.token.bucket";

    /// <summary>What attempts cost, in whole nano-dollars, as money is never a floating-point number here: of a span its attempt's, as a metric a counter.</summary>
    public const string Cost = "meairouter.cost";

    /// <summary>Whence a cost: <c>local</c> if computed from prices, <c>provider</c> if the provider reported it and no price is known.</summary>
    public const string CostSource = "meairouter.cost.source";

    /// <summary>A counter of attempts that may have cost something but have no price.</summary>
    public const string UnpricedAttempts = "meairouter.unpriced_attempts";

    // What happens on the way: events of the request's span, and counters.

    /// <summary>An endpoint has failed and another is tried; also a counter.</summary>
    public const string Failover = "meairouter.failovers";

    /// <summary>Another endpoint is tried beside one that is slow; also a counter.</summary>
    public const string Hedge = "meairouter.hedges";

    /// <summary>A stream has broken and another endpoint is to continue it; also a counter.</summary>
    public const string Continuation = "meairouter.continuations";

    /// <summary>The provider turned from.</summary>
    public const string From = "meairouter.from";

    /// <summary>The provider turned to.</summary>
    public const string To = "meairouter.to";

    // Response cache.

    /// <summary>A counter of requests by what the response cache had for them.</summary>
    public const string CacheRequests = "meairouter.cache.requests";

    /// <summary>What the response cache had: <c>hit</c>, <c>miss</c>, or <c>coalesced</c> with an equal request under way.</summary>
    public const string CacheResult = "meairouter.cache.result";

    /// <summary>The response cache has answered: an event of the request's span.</summary>
    public const string CacheHit = "meairouter.cache.hit";

    // Budgets.

    /// <summary>A budget had no room for a call; an event of the request's span and a counter.</summary>
    public const string BudgetRefusals = "meairouter.budget.refusals";

    /// <summary>A budget by its scope as configured, such as <c>key:team-a</c> or <c>user:*</c>; never the one user of a budget for each.</summary>
    public const string BudgetScope = "meairouter.budget.scope";

    /// <summary>The window over which a budget counts money.</summary>
    public const string BudgetWindow = "meairouter.budget.window";

    /// <summary>What a limit that had no room counts: <c>usd</c>, <c>requests_per_minute</c>, ...</summary>
    public const string BudgetMeasure = "meairouter.budget.measure";

    /// <summary>A gauge of what was spent in a budget's window, in whole nano-dollars.</summary>
    public const string BudgetSpent = "meairouter.budget.spent";

    /// <summary>A gauge of what a budget holds for calls that have not ended, in whole nano-dollars.</summary>
    public const string BudgetReserved = "meairouter.budget.reserved";

    /// <summary>A gauge of a budget's limit, in whole nano-dollars.</summary>
    public const string BudgetLimit = "meairouter.budget.limit";

    // State.

    /// <summary>A gauge of endpoints that were called: 2 well, 1 degraded or on probation, 0 down or at rest.</summary>
    public const string EndpointHealth = "meairouter.endpoint.health";

    /// <summary>A gauge of the attempts that wait for room at an endpoint or a provider with a limit.</summary>
    public const string QueueWaiting = "meairouter.queue.waiting";

    /// <summary>A gauge of records that a ledger's journal holds and its database does not have yet.</summary>
    public const string LedgerWaiting = "meairouter.ledger.waiting";

    /// <summary>A gauge of the seconds for which the oldest of these records has been waiting.</summary>
    public const string LedgerAge = "meairouter.ledger.age";
}
