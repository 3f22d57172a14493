using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Fallback.Continuation.Continuing;

namespace MeaiRouter.Core.Tests.Fallback.Continuation;

/// <summary>A stream that broke in the middle goes on at the next endpoint to the exact character, or ends in the typed error.</summary>
public sealed class RestartTests
{
    // Surrogate pairs, a family of emoji joined by zero-width joiners, combining marks, both line ends, a lone carriage return, a null.
    private const string Text = "Hi 👩‍👩‍👧 e\u0301a\u0308\r\nÅ\u030A 🇳🇴\n\r\0𝒳 ﬁn.";

    public static TheoryData<int> EveryPosition => [.. Enumerable.Range(1, Text.Length)];

    [Theory]
    [MemberData(nameof(EveryPosition))]
    public async Task A_stream_cut_after_any_character_goes_on_to_the_exact_text(int position)
    {
        var (cut, whole) = (FakeChatClient.Playing(Text[..position], Cut), FakeChatClient.Answering(Text));

        var (updates, exception) = await TestPipeline.Of(cut, whole).ReadAsync(Greedy);

        Assert.Null(exception);
        Assert.Equal(Text, updates.Text());
        Assert.Equal(Text, Assert.Single(updates.ToChatResponse().Messages).Text);
        Assert.Equal(ChatFinishReason.Stop, updates.ToChatResponse().FinishReason);
        var trace = updates[^1].GetRouteTrace()!;
        Assert.Equal(["a Failed Truncated", "b Answered"], trace.Attempts.Told());
        Assert.Equal([$"{position}+0 a>b Restart"], trace.Seams.Told());
    }

    [Fact]
    public async Task However_both_answers_are_chunked_the_caller_gets_every_character_once()
    {
        var random = new Random(20260101);
        for (var round = 0; round < 400; round++)
        {
            var said = $"[{Text}]{Text}{Text}[{Text}]{Text}";
            var pieces = new[] { Thought(Text), Spoken(Text + Text), Thought(Text), Spoken(Text) };
            var first = Chunked(pieces, random).ToList();
            var kept = first[..random.Next(1, first.Count + 1)];
            var (cut, whole) = (
                new FakeChatClient([.. kept.Select(content => (Step)content), Cut]),
                new FakeChatClient(Answer("b", null, [.. Chunked(pieces, random)])));

            var (updates, exception) = await TestPipeline.Of(cut, whole).ReadAsync(Greedy);

            Assert.Null(exception);
            Assert.Equal(said, updates.Said());
            Assert.Single(updates.ToChatResponse().Messages);
        }
    }

    [Fact]
    public async Task Wherever_the_second_answer_differs_the_caller_gets_what_he_has_and_the_error()
    {
        for (var position = 0; position < 10; position++)
        {
            var text = "0123456789";
            var different = text[..position] + "x" + text[(position + 1)..];
            var (cut, other) = (FakeChatClient.Playing(text, Cut), FakeChatClient.Playing(different, Step.Silence));

            var (updates, exception) = await TestPipeline.Of(cut, other).ReadAsync();

            Assert.Equal(text, updates.Text());
            var failure = Assert.IsType<RouterException>(exception);
            Assert.Equal(
                (FailureKind.Truncated, "The stream broke after 10 characters had been delivered. Cut. "
                    + "1. a/large-a: Truncated, The stream broke after 10 characters had been delivered. Cut. "
                    + $"2. b/large-b: ContinuationFailed, The answer differs after {position} characters."),
                (failure.Kind, failure.Message));
            await other.Call.Cancelled.Soon();
            await other.Call.Ended.Soon();
        }
    }

    [Theory]
    [InlineData("0123", "The answer ended after 4 characters.")]
    [InlineData("", null)]
    public async Task An_answer_that_ends_before_it_has_come_as_far_is_a_different_one(string shorter, string? reason)
    {
        var (updates, exception) = await TestPipeline.Of(
            FakeChatClient.Playing("01234", Cut), FakeChatClient.Playing(shorter, ChatFinishReason.Stop)).ReadAsync();

        Assert.Equal("01234", updates.Text());
        var failure = Assert.IsType<RouterException>(exception);
        Assert.Equal(reason ?? "The answer is empty.", failure.Attempts[1].Failure!.Message);
        Assert.Equal(FailureKind.Truncated, failure.Kind);
    }

    [Fact]
    public async Task Without_a_required_finish_reason_an_answer_that_ends_too_early_is_a_different_one_too()
    {
        var options = Options;
        options.RequireFinishReason = false;

        var (updates, exception) = await TestPipeline.With(
            options, null, null, FakeChatClient.Playing("01234", Cut), FakeChatClient.Playing("012")).ReadAsync();

        Assert.Equal("01234", updates.Text());
        Assert.Equal("The answer ended after 3 characters.", Assert.IsType<RouterException>(exception).Attempts[1].Failure!.Message);
    }

    [Fact]
    public async Task A_whole_text_without_its_finish_reason_gets_it_from_the_next()
    {
        var (updates, exception) = await TestPipeline.Of(FakeChatClient.Playing("Hello", Cut), FakeChatClient.Answering("Hello")).ReadAsync();

        Assert.Null(exception);
        Assert.Equal(("Hello", ChatFinishReason.Stop), (updates.Text(), updates.ToChatResponse().FinishReason));
        Assert.Equal(["5+0 a>b Restart"], updates[^1].GetRouteTrace()!.Seams.Told());
    }

    [Fact]
    public async Task Reasoning_and_text_must_come_in_the_same_order()
    {
        var (updates, exception) = await TestPipeline.Of(
            new FakeChatClient([Thought("ab"), "cd", Cut]), new FakeChatClient(Answer("b", null, Spoken("ab"), Thought("cd")))).ReadAsync();

        Assert.Equal("[ab]cd", updates.Said());
        Assert.Equal("The answer differs after 0 characters.", Assert.IsType<RouterException>(exception).Attempts[1].Failure!.Message);
    }

    [Fact]
    public async Task A_seam_in_reasoning_says_where_it_is()
    {
        var (updates, exception) = await TestPipeline.Of(
            new FakeChatClient([Thought("abc"), Cut]), new FakeChatClient(Answer("b", null, Thought("abcdef"), Spoken("x")))).ReadAsync();

        Assert.Null(exception);
        Assert.Equal("[abcdef]x", updates.Said());
        Assert.Equal(["0+3 a>b Restart"], updates[^1].GetRouteTrace()!.Seams.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_break_goes_on_at_the_third(bool whileSuppressing)
    {
        var (first, second, third) = (
            FakeChatClient.Playing("Hello ", Cut),
            FakeChatClient.Playing(whileSuppressing ? ["Hel", Cut] : ["Hello wo", Cut]),
            FakeChatClient.Answering("Hello world"));

        var (updates, exception) = await TestPipeline.Of(first, second, third).ReadAsync();

        Assert.Null(exception);
        Assert.Equal("Hello world", updates.Text());
        var trace = updates[^1].GetRouteTrace()!;
        Assert.Equal(["a Failed Truncated", "b Failed Truncated", "c Answered"], trace.Attempts.Told());
        Assert.Equal(whileSuppressing ? ["6+0 a>c Restart"] : ["6+0 a>b Restart", "8+0 b>c Restart"], trace.Seams.Told());
    }

    [Fact]
    public async Task An_endpoint_that_cannot_be_reached_is_passed_over()
    {
        var (updates, exception) = await TestPipeline.Of(
            FakeChatClient.Playing("Hello ", Cut), FakeChatClient.Playing(new HttpRequestException("Down.")), FakeChatClient.Answering("Hello world")).ReadAsync();

        Assert.Null(exception);
        Assert.Equal("Hello world", updates.Text());
        Assert.Equal(["6+0 a>c Restart"], updates[^1].GetRouteTrace()!.Seams.Told());
    }

    [Fact]
    public async Task When_nobody_is_left_the_error_is_that_of_the_break()
    {
        var (_, exception) = await TestPipeline.Of(
            FakeChatClient.Playing("Hello ", new ErrorContent("Busy.") { ErrorCode = "529" }), FakeChatClient.Playing(new RouterException(FailureKind.Unavailable, "Down."))).ReadAsync();

        var failure = Assert.IsType<RouterException>(exception);
        Assert.Equal(
            (FailureKind.Overloaded, "The stream broke after 6 characters had been delivered. Busy. "
                + "1. a/large-a: Overloaded (HTTP 529), The stream broke after 6 characters had been delivered. Busy. 2. b/large-b: Unavailable, Down."),
            (failure.Kind, failure.Message));
        Assert.Equal(["a Failed Overloaded", "b Failed Unavailable"], failure.Attempts.Told());
    }

    [Fact]
    public async Task No_more_attempts_are_made_than_allowed()
    {
        var options = Options;
        options.MaxAttempts = 2;
        var third = FakeChatClient.Answering("Hello world");

        var (updates, exception) = await TestPipeline.With(
            options, null, null, FakeChatClient.Playing("Hello ", Cut), FakeChatClient.Playing("Hello w", Cut), third).ReadAsync();

        Assert.Equal(("Hello w", 2), (updates.Text(), Assert.IsType<RouterException>(exception).Attempts.Count));
        Assert.Empty(third.Calls);
    }

    [Fact]
    public async Task What_no_other_endpoint_could_mend_is_not_continued()
    {
        var backup = FakeChatClient.Answering("Hello");

        var (updates, exception) = await TestPipeline.Of(
            FakeChatClient.Playing("Hel", new RouterException(FailureKind.ContentFiltered, "Filtered.")), backup).ReadAsync();

        Assert.Equal(("Hel", FailureKind.ContentFiltered), (updates.Text(), Assert.IsType<RouterException>(exception).Kind));
        Assert.Empty(backup.Calls);
    }

    [Fact]
    public async Task The_whole_answer_goes_by_the_ids_with_which_it_began()
    {
        var (first, second) = (Answer("first", null, Spoken("Hello "), Spoken("world")), Answer("second", null, Spoken("Hello wo"), Spoken("rld"), Spoken("!")));

        var (updates, exception) = await TestPipeline.Of(new FakeChatClient([first[0], Cut]), new FakeChatClient(second)).ReadAsync();

        Assert.Null(exception);
        Assert.All(updates.SkipLast(1), update => Assert.Equal(("first", "first", "first"), (update.ResponseId, update.MessageId, update.AuthorName)));
        var response = updates.ToChatResponse();
        Assert.Equal(("first", "second"), (response.ResponseId, response.ModelId));
        Assert.Equal("Hello world!", Assert.Single(response.Messages).Text);
    }

    [Fact]
    public async Task Both_attempts_are_billed_and_the_caller_sees_the_usage_of_the_one_that_finished()
    {
        var ledger = new InMemoryLedger();
        var (early, full) = (new UsageDetails { InputTokenCount = 10, OutputTokenCount = 2 }, new UsageDetails { InputTokenCount = 10, OutputTokenCount = 4 });
        var (first, second) = (new FakeChatClient(["Hello ", early, Cut]), new FakeChatClient(Answer("b", full, Spoken("Hello world"))));

        var (updates, _) = await TestPipeline.With(Options, null, ledger, first, second).ReadAsync();

        Assert.Equal((10, 4), (updates.ToChatResponse().Usage!.InputTokenCount, updates.ToChatResponse().Usage!.OutputTokenCount));

        // Provider a asks 1 and 10 dollars per million, provider b 2 and 20.
        var record = Assert.Single(ledger.Records);
        Assert.Equal([0.00003m, 0.0001m], record.Attempts.Select(attempt => attempt.Cost!.Value.ToUsd()));
        Assert.Equal(0.00013m, record.Cost!.Value.ToUsd());
        Assert.Equal((10, 2, false), (record.Attempts[0].Usage.TotalInput, record.Attempts[0].Usage.TotalOutput, record.Attempts[0].Usage.IsEstimated));
    }

    [Fact]
    public async Task Usage_in_the_middle_of_a_stream_is_reported_once()
    {
        var (early, late) = (new UsageDetails { InputTokenCount = 10 }, new UsageDetails { OutputTokenCount = 4 });
        var (first, second) = (
            new FakeChatClient([early, "Hel", new ChatResponseUpdate(ChatRole.Assistant, [Spoken("lo "), new UsageContent(early)]), Cut]),
            new FakeChatClient([early, "Hello world", ChatFinishReason.Stop, late]));

        // No normalization, which would hold the usage back by itself.
        var (updates, exception) = await new FallbackChatClient(first, [second], Options).ReadAsync();

        Assert.Null(exception);
        Assert.Equal("Hello world", updates.Text());
        Assert.Equal((10, 4), (updates.ToChatResponse().Usage!.InputTokenCount, updates.ToChatResponse().Usage!.OutputTokenCount));
    }

    [Fact]
    public async Task An_endpoint_that_answers_differently_is_as_healthy_as_before_and_its_output_is_billed()
    {
        var ledger = new InMemoryLedger();
        var pipeline = TestPipeline.With(
            Options, null, ledger, FakeChatClient.Playing("Hello", Cut), FakeChatClient.Playing("Goodbye and farewell", Step.Silence));

        await pipeline.ReadAsync();

        var other = Assert.Single(ledger.Records).Attempts[1];
        Assert.Equal((AttemptOutcome.Failed, FailureKind.ContinuationFailed), (other.Outcome, other.FailureKind));
        Assert.Equal((5, true), (other.Usage.TotalOutput, other.Usage.IsEstimated));
        Assert.True(other.Cost!.Value.ToUsd() > 0);
    }

    [Fact]
    public async Task The_trace_tells_of_the_seam_without_the_answer()
    {
        var (updates, _) = await TestPipeline.Of(FakeChatClient.Playing("secret ", Cut), FakeChatClient.Answering("secret words")).ReadAsync();

        var told = updates[^1].GetRouteTrace()!.ToString();
        Assert.Contains("seam after 7 characters of text and 0 of reasoning, from a to b by restart", told, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
    }

    /// <summary>The contents cut at random, also between the halves of a surrogate pair, with empty ones in between.</summary>
    private static IEnumerable<AIContent> Chunked(AIContent[] contents, Random random)
    {
        foreach (var content in contents)
        {
            var isReasoning = content is TextReasoningContent;
            var text = (content as TextContent)?.Text ?? ((TextReasoningContent)content).Text;
            while (text.Length > 0)
            {
                var length = random.Next(0, Math.Min(text.Length, 12) + 1);
                yield return isReasoning ? Thought(text[..length]) : Spoken(text[..length]);
                text = text[length..];
            }
        }
    }
}
