using MeaiRouter.Attempts;
using MeaiRouter.Pricing;
using MeaiRouter.Testing;

namespace MeaiRouter.Tests.Faults;

/// <summary>Every fault a scripted provider knows, in either mode and wherever in an answer it can strike.</summary>
internal static class FaultTable
{
    /// <summary>What the caller asks: two tokens by the estimate of four characters each.</summary>
    public const string Prompt = "Hello";

    // In a stream: six pieces of reasoning, three of text, and the tool call, of which the first brings the name and the others eight characters each.
    private const string Reasoning = "Sun or rain? I will look.";
    private const string Arguments = """{"city":"Zermatt","days":3}""";
    private const int CallName = 11;

    // Shorter than the wait that a request is prepared to make for it.
    private static readonly TimeSpan ShortRest = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongRest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OftenAlive = TimeSpan.FromMilliseconds(20);

    private static readonly (string Name, int Pieces, Heard Heard)[] Places =
    [
        ("before any content", 0, Heard.Nothing),
        ("in the reasoning", 2, new("Sun or", "", "")),
        ("after some text", 8, new(Reasoning, "Zermatt: sunny, ", "")),
        ("in the tool call", 12, new(Reasoning, "Zermatt: sunny, 24 °C.", "")),
    ];

    private static readonly Dictionary<string, FaultCase> Cases =
        Refusals().Concat(BrokenAnswers()).Concat(OddAnswers()).ToDictionary(fault => fault.Name, StringComparer.Ordinal);

    public static Reply Answer => Reply.Chunks("Zermatt: ", "sunny, ", "24 °C.")
        .WithReasoning(Reasoning)
        .WithToolCall("get_weather", Arguments, "call_1")
        .WithUsage(prompt: 10, completion: 20, reasoning: 5);

    /// <summary>The whole answer as a caller gets it.</summary>
    public static Heard Whole => new(Reasoning, "Zermatt: sunny, 24 °C.", $"call_1 get_weather {Arguments}");

    /// <summary>What the answer is billed for.</summary>
    public static TokenUsage Usage => new() { Input = 10, Output = 15, Reasoning = 5, Requests = 1 };

    public static IEnumerable<string> Names => Cases.Keys;

    public static FaultCase Find(string name) => Cases[name];

    /// <summary>Faults before any byte of an answer.</summary>
    private static IEnumerable<FaultCase> Refusals()
    {
        var faults = new (string Name, Fault Fault, FailureKind Kind)[]
        {
            ("400", Fault.BadRequest(), FailureKind.InvalidRequest),
            ("400 of a context too long", Fault.ContextLengthExceeded(), FailureKind.ContextTooLong),
            ("400 of a content filter", Fault.ContentFiltered(), FailureKind.ContentFiltered),
            ("401", Fault.Unauthorized(), FailureKind.Unauthorized),
            ("402", Fault.PaymentRequired(), FailureKind.PaymentRequired),
            ("403", Fault.Forbidden(), FailureKind.PermissionDenied),
            ("404", Fault.ModelNotFound(), FailureKind.ModelNotFound),
            ("408", Fault.Status(408), FailureKind.Timeout),
            ("413", Fault.TooLarge(), FailureKind.RequestTooLarge),
            ("418", Fault.Status(418), FailureKind.InvalidRequest),
            ("429", Fault.RateLimited(), FailureKind.RateLimited),
            ("429 for a moment", Fault.RateLimited(ShortRest), FailureKind.RateLimited),
            ("429 for half a minute", Fault.RateLimited(LongRest), FailureKind.RateLimited),
            ("500", Fault.InternalError(), FailureKind.ServerError),
            ("502", Fault.BadGateway(), FailureKind.Unavailable),
            ("503", Fault.Unavailable(), FailureKind.Unavailable),
            ("503 for a while", Fault.Unavailable().WithRetryAfter(LongRest), FailureKind.Unavailable),
            ("504", Fault.Status(504), FailureKind.Timeout),
            ("529", Fault.Overloaded(), FailureKind.Overloaded),
            ("503 page", Fault.Html(503), FailureKind.Unavailable),
            ("200 page", Fault.Html(), FailureKind.MalformedAnswer),
            ("200 without JSON", Fault.Body(200, "OK"), FailureKind.MalformedAnswer),
            ("200 with an error", Fault.ErrorWith200(), FailureKind.Unavailable),
            ("200 with a 429", Fault.ErrorWith200(429, "rate_limit_exceeded"), FailureKind.RateLimited),
            ("200 with an empty body", Fault.EmptyBody(), FailureKind.EmptyAnswer),
            ("reset", Fault.Reset(), FailureKind.ConnectionFailed),
            ("closed", Fault.Closed(), FailureKind.ConnectionFailed),
            ("silence", Fault.Silence(), FailureKind.Timeout),
        };
        foreach (var (name, fault, kind) in faults)
        {
            foreach (var streaming in (bool[])[false, true])
            {
                // No body at all is no JSON, but a stream without events.
                var recorded = kind == FailureKind.EmptyAnswer && !streaming ? FailureKind.MalformedAnswer : kind;
                var elsewhere = kind.Consequences().Elsewhere;
                var isFinal = elsewhere is RetryElsewhere.Never or RetryElsewhere.LargerContext;
                yield return new FaultCase
                {
                    Name = $"{name}, {Mode(streaming)}",
                    First = fault,
                    Streaming = streaming,
                    Kind = recorded,
                    End = isFinal ? FaultEnd.Refused : FaultEnd.Replaced,
                    Heard = isFinal ? Heard.Nothing : Whole,
                    AttemptsAtFirst = kind.Consequences().Here == RetryHere.Once || name == "429 for a moment" ? 2 : 1,
                    Billed = Estimate(recorded, 0),
                    IsSilent = name == "silence",
                };
            }
        }
    }

    /// <summary>Answers that break at each of the places.</summary>
    private static IEnumerable<FaultCase> BrokenAnswers()
    {
        var breaks = new (string Name, Func<Reply, int, Reply> Break, FailureKind Kind)[]
        {
            ("cut", static (reply, pieces) => reply.CutAfter(pieces), FailureKind.Truncated),
            ("reset", static (reply, pieces) => reply.ResetAfter(pieces), FailureKind.Truncated),
            ("stalled", static (reply, pieces) => reply.StallAfter(pieces), FailureKind.Stalled),
            ("stalled with keep-alives", static (reply, pieces) => reply.StallAfter(pieces).WithKeepAlives(OftenAlive), FailureKind.Stalled),
            ("ended", static (reply, pieces) => reply.EndAfter(pieces), FailureKind.Incomplete),
            ("malformed", static (reply, pieces) => reply.MalformedAfter(pieces), FailureKind.MalformedAnswer),
            ("in-band error", static (reply, pieces) => reply.ErrorAfter(pieces), FailureKind.Unavailable),
        };
        foreach (var (name, @break, kind) in breaks)
        {
            foreach (var (place, pieces, heard) in Places)
            {
                var isFirst = pieces == 0;
                var fault = new FaultCase
                {
                    Name = $"{name} {place}",
                    First = @break(Answer, pieces),
                    Streaming = true,
                    Kind = (kind, isFirst) switch
                    {
                        (FailureKind.Stalled, true) => FailureKind.Timeout,
                        (FailureKind.Incomplete, true) => FailureKind.EmptyAnswer,
                        _ => kind,
                    },
                    End = FaultEnd.Replaced,
                    IsSilent = kind == FailureKind.Stalled,
                    MayLoseBytes = name == "reset",
                };

                // What came of a call counts where the stream ends as if it were whole: its name, and of its arguments nothing that can be read.
                var shown = heard.Reasoning.Length + heard.Text.Length + (kind == FailureKind.Incomplete && pieces == 12 ? CallName : 0);
                fault = fault with { Billed = Estimate(fault.Kind, shown) };
                yield return AsWhole(fault, kind, shown);
                if (isFirst)
                {
                    yield return fault with { Name = $"{fault.Name}, streamed" };
                    continue;
                }

                yield return fault with { Name = $"{fault.Name}, streamed", End = FaultEnd.Continued };
                yield return fault with
                {
                    Name = $"{fault.Name}, streamed, and the next says something else",
                    Second = Reply.Chunks("Something else.", " And more."),
                    End = FaultEnd.BrokenOff,
                    Heard = heard,

                    // The one piece that showed that it was something else.
                    BilledAtSecond = Estimate(FailureKind.Incomplete, "Something else.".Length)!.Value,
                };
            }
        }
    }

    private static FaultCase AsWhole(FaultCase streamed, FailureKind kind, int shown)
    {
        // Of half a body nothing can be read; where it is whole JSON, its usage tells what it cost.
        var recorded = kind == FailureKind.Stalled ? FailureKind.Timeout : streamed.Kind;
        return streamed with
        {
            Name = $"{streamed.Name}, whole",
            Streaming = false,
            Kind = recorded,
            Billed = kind switch
            {
                FailureKind.Incomplete => Usage,
                FailureKind.Unavailable => shown == 0 ? null : Usage,
                _ => Estimate(recorded, 0),
            },
        };
    }

    /// <summary>Answers that end as they should, except for one thing.</summary>
    private static IEnumerable<FaultCase> OddAnswers()
    {
        foreach (var streaming in (bool[])[false, true])
        {
            yield return new FaultCase
            {
                Name = $"empty answer, {Mode(streaming)}",
                First = Reply.Empty.WithoutUsage(),
                Streaming = streaming,
                Kind = FailureKind.EmptyAnswer,
                End = FaultEnd.Replaced,
                Billed = Estimate(FailureKind.EmptyAnswer, 0),
            };
            yield return new FaultCase
            {
                Name = $"no finish reason after all of it, {Mode(streaming)}",
                First = Answer.WithoutFinishReason(),
                Streaming = streaming,
                Kind = FailureKind.Incomplete,
                End = streaming ? FaultEnd.Continued : FaultEnd.Replaced,
                Billed = Usage,
            };
        }
    }

    private static string Mode(bool streaming) => streaming ? "streamed" : "whole";

    /// <summary>What is booked where the provider did not say: the prompt, and the characters that came.</summary>
    private static TokenUsage? Estimate(FailureKind kind, int characters) => characters > 0 || kind.Consequences().MayHaveCost
        ? new TokenUsage { Input = 2, Output = (characters + 3) / 4, Requests = 1, IsEstimated = true }
        : null;
}
