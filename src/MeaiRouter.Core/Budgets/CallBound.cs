using MeaiRouter.Attempts;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Budgets;

/// <summary>The most one call can use and cost: every token of the prompt and of the longest answer allowed, each at the dearest price it may have.</summary>
internal readonly struct CallBound
{
    // Dollars per million tokens times 1,000 are nano-dollars per token.
    private const decimal NanoUsdPerToken = 1_000m;

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
        _request = price.Request * 1_000_000_000m;
        _input = NanoUsdPerToken * Greatest(
            price.Prompt, price.CacheRead, price.CacheWrite, price.CacheWrite1h, kinds.HasAudio ? price.AudioInput : null, kinds.HasImages ? price.ImageInput : null);
        _output = NanoUsdPerToken * Greatest(price.Completion, price.Reasoning, price.AudioOutput, price.ImageOutput);
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
        long? context = endpoint?.ContextLength ?? model?.ContextLength;

        // A price that holds up to some length says nothing about a longer prompt, and by its bytes a prompt is longer than it is.
        if (endpoint?.PricedUpTo is { } pricedUpTo)
            prompt = prompt with { Tokens = Math.Min(prompt.Tokens, pricedUpTo) };

        var obeys = endpoint is not { SupportedParameters: { Count: > 0 } known } || known.Contains("max_tokens") || known.Contains("max_completion_tokens");
        long? asked = obeys ? options.MaxOutputTokens : null;
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
        var left = decimal.Floor((usd * 1_000_000_000m - _request - _prompt * _input) / _output);
        return left >= 1 && left < Output ? (int)left : null;
    }

    /// <summary>The longest answer, shorter than the present limit, with which the call uses no more than the given tokens; <see langword="null"/> if none does.</summary>
    public int? OutputWithinTokens(decimal tokens) =>
        ObeysLimit && tokens - _prompt is >= 1 and var left && left < Output ? (int)left : null;

    private static decimal Greatest(decimal first, params ReadOnlySpan<decimal?> others)
    {
        foreach (var other in others)
            first = Math.Max(first, other ?? 0);
        return first;
    }
}
