using MeaiRouter.Attempts;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Budgets;

/// <summary>The most one call can use and cost: every token of the prompt and of the longest answer allowed, each at the dearest price it may have.</summary>
internal readonly struct CallBound
{
    // Dollars per million tokens times 1,000 are nano-dollars per token.
    private const decimal NanoUsdPerToken = 1_000m;
    private const decimal NanoUsdPerUsd = 1_000_000_000m;

    // How often a provider may run its own tools in one call nobody says beforehand.
    private const int AssumedToolUnits = 10;

    // A billion dollars: no call costs as much, and sums of it do not overflow.
    private const decimal Dearest = 1_000_000_000_000_000_000m;

    private readonly long _prompt;
    private readonly long _context;
    private readonly decimal _input;
    private readonly decimal _output;
    private readonly decimal _request;

    private CallBound(long prompt, long context, Price? price, in PromptBound kinds)
    {
        _context = context;
        _prompt = Math.Min(prompt, context);
        if (price is null)
            return;

        IsPriced = true;
        var dearest = DearestOf(price, _prompt);
        _request = NanoUsdPerUsd * (dearest.Request + (kinds.Images * dearest.Image) + (kinds.Searches ? AssumedToolUnits * Math.Max(dearest.WebSearch, dearest.ToolUnit) : 0));
        _input = NanoUsdPerToken * Greatest(
            dearest.Prompt, dearest.CacheRead, dearest.CacheWrite, dearest.CacheWrite1h, kinds.HasAudio ? dearest.AudioInput : null,
            kinds.Images > 0 ? Greatest(dearest.ImageInput ?? 0, dearest.VideoInput) : null);
        _output = NanoUsdPerToken * Greatest(dearest.Completion, dearest.Reasoning, dearest.AudioOutput, dearest.ImageOutput);
    }

    /// <summary>Whether anybody knows what the endpoint charges for such a prompt.</summary>
    public bool IsPriced { get; }

    /// <summary>The longest answer allowed, in tokens.</summary>
    public long Output { get; private init; }

    /// <summary>Whether the endpoint keeps to the limit that a request sets.</summary>
    public bool ObeysLimit { get; private init; }

    /// <summary>Bounds a call.</summary>
    /// <param name="attempt">The attempt, which knows the endpoint.</param>
    /// <param name="price">What the endpoint charges; <see langword="null"/> if nobody knows.</param>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="assumedOutput">The longest answer where neither request nor catalogue says.</param>
    public static CallBound Of(
        RouteAttempt attempt, Price? price, IReadOnlyList<ChatMessage> messages, ChatOptions options, int assumedOutput)
    {
        var (endpoint, model) = (attempt.Endpoint, attempt.Model);
        var prompt = PromptBound.Of(messages, options);

        // Of a batch each text may fill a context, and nothing is generated.
        if (EmbeddingCall.From(options) is not null)
            return new CallBound(prompt.Tokens, long.MaxValue, price, prompt);

        long? context = endpoint?.ContextLength ?? model?.ContextLength;

        // A price that is unknown from some length on says nothing about a longer prompt, and by its bytes a prompt is longer than it is.
        for (var i = 0; i < price?.Overrides.Count; i++)
        {
            if (price.Overrides[i] is { IsUnknown: true, MinPromptTokens: { } pricedUpTo })
                prompt = prompt with { Tokens = Math.Min(prompt.Tokens, pricedUpTo) };
        }

        var obeys = endpoint is not { SupportedParameters: { Count: > 0 } known } || known.Contains("max_tokens") || known.Contains("max_completion_tokens");
        // A limit below one is none: it must not make the call seem cheaper than its prompt.
        long? asked = obeys && options.MaxOutputTokens is { } limit and > 0 ? limit : null;
        long? longest = endpoint?.MaxOutputTokens ?? model?.MaxOutputTokens;
        var output = (asked, longest) switch
        {
            ({ } a, { } l) => Math.Min(a, l),
            _ => asked ?? longest ?? context ?? assumedOutput,
        };

        return new CallBound(prompt.Tokens, context ?? long.MaxValue, price, prompt)
        {
            Output = Math.Min(output, context ?? long.MaxValue),
            ObeysLimit = obeys,
        };
    }

    /// <summary>The most tokens with an answer of the given length. Prompt and answer share the context.</summary>
    public long TokensWith(long output) => Math.Min(_prompt + output, _context);

    /// <summary>The most the call costs with an answer of the given length.</summary>
    public NanoUsd CostWith(long output)
    {
        var (prompt, answer) = (_prompt, output);
        if (_context - prompt < answer)
        {
            if (_output >= _input)
                prompt = _context - answer;
            else
                answer = _context - prompt;
        }

        var nano = prompt * _input + answer * _output + _request;
        return new NanoUsd((long)decimal.Ceiling(Math.Min(nano, Dearest)));
    }

    /// <summary>The longest answer, shorter than the present limit, with which the call costs no more than the given amount; <see langword="null"/> if none does.</summary>
    public int? OutputWithin(decimal usd)
    {
        if (!ObeysLimit || _output == 0)
            return null;

        // What the answer leaves of the context is at most what the prompt takes of it, so that this never promises too much.
        var left = decimal.Floor((usd * NanoUsdPerUsd - _request - _prompt * _input) / _output);
        return left >= 1 && left < Output ? (int)left : null;
    }

    /// <summary>The longest answer, shorter than the present limit, with which the call uses no more than the given tokens; <see langword="null"/> if none does.</summary>
    public int? OutputWithinTokens(decimal tokens) =>
        ObeysLimit && tokens - _prompt is >= 1 and var left && left < Output ? (int)left : null;

    /// <summary>Each part of the price at its dearest: whatever the tier, the hour or the region, as long as the prompt can be long enough.</summary>
    private static Price DearestOf(Price price, long prompt)
    {
        var dearest = price;
        for (var i = 0; i < price.Overrides.Count; i++)
        {
            var special = price.Overrides[i];
            if (special.IsUnknown || prompt <= special.MinPromptTokens)
                continue;

            dearest = dearest with
            {
                Prompt = Greatest(dearest.Prompt, special.Prompt),
                Completion = Greatest(dearest.Completion, special.Completion),
                CacheRead = Greatest(dearest.CacheRead ?? 0, special.CacheRead),
                CacheWrite = Greatest(dearest.CacheWrite ?? 0, special.CacheWrite),
                CacheWrite1h = Greatest(dearest.CacheWrite1h ?? 0, special.CacheWrite1h),
                Reasoning = Greatest(dearest.Reasoning ?? 0, special.Reasoning),
                AudioInput = Greatest(dearest.AudioInput ?? 0, special.AudioInput),
                AudioOutput = Greatest(dearest.AudioOutput ?? 0, special.AudioOutput),
                ImageInput = Greatest(dearest.ImageInput ?? 0, special.ImageInput),
                ImageOutput = Greatest(dearest.ImageOutput ?? 0, special.ImageOutput),
                VideoInput = Greatest(dearest.VideoInput ?? 0, special.VideoInput),
                Request = Greatest(dearest.Request, special.Request),
                Image = Greatest(dearest.Image, special.Image),
                WebSearch = Greatest(dearest.WebSearch, special.WebSearch),
                ToolUnit = Greatest(dearest.ToolUnit, special.ToolUnit),
            };
        }

        return dearest;
    }

    private static decimal Greatest(decimal first, params ReadOnlySpan<decimal?> others)
    {
        foreach (var other in others)
            first = Math.Max(first, other ?? 0);
        return first;
    }
}
