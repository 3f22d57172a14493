using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Budgets;

public sealed class CallBoundTests
{
    private const int Around = 16 + 16;

    [Fact]
    public void The_most_is_every_byte_of_the_prompt_and_the_longest_answer_each_at_its_dearest_price()
    {
        var price = new Price { Prompt = 1, CacheRead = 0.1m, CacheWrite1h = 2, AudioInput = 40, Completion = 4, Reasoning = 5, Request = 0.5m };
        var bound = Bound(price, new ChatOptions { MaxOutputTokens = 100 }, "äé");

        Assert.Equal(((4 + Around) * 2_000) + (100 * 5_000) + 500_000_000, bound.CostWith(bound.Output).Value);
        Assert.Equal(4 + Around + 100, bound.TokensWith(bound.Output));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1_000_000)]
    public void A_limit_below_one_holds_as_much_as_no_limit(int limit)
    {
        var price = Price.PerMillion(1, 1);

        Assert.Equal(
            Bound(price, new ChatOptions(), "Hi").CostWith(Bound(price, new ChatOptions(), "Hi").Output),
            Bound(price, new ChatOptions { MaxOutputTokens = limit }, "Hi").CostWith(Bound(price, new ChatOptions { MaxOutputTokens = limit }, "Hi").Output));
    }

    [Theory]
    [InlineData("audio/wav", 40)]
    [InlineData("image/png", 7)]
    [InlineData("application/pdf", 7)]
    public void Media_count_with_their_bytes_at_the_dearest_price_of_their_kind(string mediaType, int price)
    {
        var endpoint = new ModelEndpoint("a", "m") { Price = new Price { Prompt = 1, AudioInput = 40, ImageInput = 7 } };
        var bound = CallBound.Of(
            Attempt(endpoint), endpoint.Price, [new(ChatRole.User, [new DataContent(new byte[1_000], mediaType)])], new ChatOptions { MaxOutputTokens = 1 }, 1);

        Assert.Equal((1_000 + Around) * price * 1_000, bound.CostWith(1).Value);
    }

    [Fact]
    public void What_lies_elsewhere_is_bounded_by_the_context_alone()
    {
        var endpoint = new ModelEndpoint("a", "m") { Price = Price.PerMillion(1, 1), ContextLength = 8_000 };
        var bound = CallBound.Of(
            Attempt(endpoint), endpoint.Price, [new(ChatRole.User, [new UriContent("https://example.com/a.png", "image/png")])], new ChatOptions(), 1);

        Assert.Equal(8_000 * 1_000, bound.CostWith(bound.Output).Value);
    }

    [Theory]
    [InlineData(2, 1, 68 * 2 + 32)]
    [InlineData(1, 2, 40 + 60 * 2)]
    public void Prompt_and_answer_share_the_context_and_the_dearer_takes_what_it_can(int input, int output, int expected)
    {
        // At most 68 tokens of prompt and 60 of answer, but only 100 of both.
        var endpoint = new ModelEndpoint("a", "m") { Price = Price.PerMillion(input, output), ContextLength = 100, MaxOutputTokens = 60 };
        var bound = CallBound.Of(Attempt(endpoint), endpoint.Price, [new(ChatRole.User, new string('x', 68 - Around))], new ChatOptions(), 1);

        Assert.Equal(expected, bound.CostWith(60).Value / 1_000);
        Assert.Equal(100, bound.TokensWith(60));
    }

    [Theory]
    [InlineData(null, null, null, null, 777)]
    [InlineData(50, null, null, null, 50)]
    [InlineData(50, 40, null, null, 40)]
    [InlineData(50, 400, null, null, 50)]
    [InlineData(null, null, 300, null, 300)]
    [InlineData(null, 40, 300, null, 40)]
    [InlineData(null, null, null, 900, 900)]
    [InlineData(5_000, null, null, 900, 900)]
    public void The_longest_answer_is_what_request_endpoint_and_model_allow(int? asked, int? endpoint, int? model, int? context, int expected) => Assert.Equal(
        expected,
        CallBound.Of(
            Attempt(new ModelEndpoint("a", "m") { MaxOutputTokens = endpoint }, new Model("x") { MaxOutputTokens = model, ContextLength = context }),
            Price.Free, [], new ChatOptions { MaxOutputTokens = asked }, 777).Output);

    [Fact]
    public void An_endpoint_that_does_not_know_max_tokens_is_not_bounded_by_it()
    {
        var endpoint = new ModelEndpoint("a", "m") { SupportedParameters = ["tools"], MaxOutputTokens = 4_000, Price = Price.PerMillion(1, 1) };
        var bound = CallBound.Of(Attempt(endpoint), endpoint.Price, [], new ChatOptions { MaxOutputTokens = 10 }, 1);

        Assert.Equal((4_000L, false, (int?)null), (bound.Output, bound.ObeysLimit, bound.OutputWithin(0.001m)));
    }

    [Fact]
    public void The_answer_that_fits_is_the_longest_whose_most_does_not_exceed_the_room()
    {
        var bound = Bound(Price.PerMillion(3, 7) with { Request = 0.000001m }, new ChatOptions { MaxOutputTokens = 1_000 }, "Hello");
        for (var nano = 100_000L; nano < 6_000_000; nano += 9_973)
        {
            if (bound.OutputWithin(nano / 1e9m) is not { } fitting)
            {
                Assert.True(bound.CostWith(1).Value > nano);
                continue;
            }

            Assert.True(bound.CostWith(fitting).Value <= nano);
            Assert.True(bound.CostWith(fitting + 1).Value > nano);
        }

        Assert.Null(bound.OutputWithin(1));
    }

    [Fact]
    public void Every_part_of_a_prompt_counts()
    {
        static long Of(ChatMessage[] messages, ChatOptions? options = null) => PromptBound.Of(messages, options ?? new()).Tokens;
        static ChatMessage[] Said(AIContent content) => [new(ChatRole.User, [content])];

        Assert.Equal(16, Of([]));
        Assert.Equal(16 + 7, Of([], new() { Instructions = "Be kind" }));
        Assert.Equal(Around + 3 + 4, Of([new(ChatRole.User, "you?") { AuthorName = "Bob" }]));
        Assert.Equal(Around + 5 + 6, Of(Said(new TextReasoningContent("Hmm..") { ProtectedData = "secret" })));
        Assert.Equal(Around + 6 + (2 * (4 + 6)) + 16, Of(Said(new FunctionCallContent("c", "lookup", new Dictionary<string, object?> { ["city"] = "Vienna" }))));
        Assert.Equal(Around + (2 * 5), Of(Said(new FunctionResultContent("c", "sunny"))));
        Assert.Equal(Around + (2 * 10), Of(Said(new FunctionResultContent("c", JsonElement.Parse("[1,20,300]")))));
        Assert.Equal(Around + (2 * 32_768), Of(Said(new FunctionResultContent("c", new object()))));

        var tool = AIFunctionFactory.CreateDeclaration("now", "The time", JsonSerializer.SerializeToElement(new { type = "object" }));
        Assert.Equal(16 + 1_024 + 64 + 3 + 8 + 17, Of([], new() { Tools = [tool] }));
        Assert.Equal(16 + 17, Of([], new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonSerializer.SerializeToElement(new { type = "object" })) }));
    }

    private static CallBound Bound(Price price, ChatOptions options, string prompt) =>
        CallBound.Of(Attempt(new ModelEndpoint("a", "m") { Price = price }), price, [new(ChatRole.User, prompt)], options, 1);

    private static RouteAttempt Attempt(ModelEndpoint endpoint, Model? model = null) => new(0, "a", model, endpoint, null, null, new ManualTimeProvider());
}
