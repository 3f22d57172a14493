using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Normalization.Compression;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Normalization.Conversation.Adapting;

namespace MeaiRouter.Core.Tests.Normalization.Compression;

/// <summary>What is left of a conversation that is too long.</summary>
public sealed class MiddleOutTests
{
    // A message of 24 characters is 6 tokens and 4 for the message.
    private const int TokensEach = 10;

    [Fact]
    public void A_conversation_that_fits_stays_the_same_list()
    {
        var talk = Talk(10);

        var compressed = new MiddleOutChatReducer(10 * TokensEach, 10).Compress(talk);

        Assert.Same(talk, compressed.Messages);
        Assert.Equal((false, 0, 0, 100, 100), (compressed.IsCompressed, compressed.RemovedMessages, compressed.ShortenedTexts, compressed.TokensBefore, compressed.TokensAfter));
    }

    [Theory]
    [InlineData(60, null, "0 1 2 7 8 9")]
    [InlineData(61, null, "0 1 2 7 8 9")]
    [InlineData(70, null, "0 1 2 6 7 8 9")]
    [InlineData(30, null, "0 8 9")]
    [InlineData(null, 6, "0 1 2 7 8 9")]
    [InlineData(null, 7, "0 1 2 6 7 8 9")]
    [InlineData(1000, 5, "0 1 7 8 9")]
    [InlineData(50, 7, "0 1 7 8 9")]
    public void The_middle_goes_by_tokens_and_by_messages(int? tokens, int? messages, string left)
    {
        var talk = Talk(10);

        var compressed = new MiddleOutChatReducer(tokens, messages).Compress(talk);

        Assert.Equal(left, Numbers(compressed.Messages));
        Assert.Equal((10 - compressed.Messages.Count, 0), (compressed.RemovedMessages, compressed.ShortenedTexts));
        Assert.Equal((100, compressed.Messages.Count * TokensEach), (compressed.TokensBefore, compressed.TokensAfter));
        Assert.All(compressed.Messages, message => Assert.Contains(message, talk));
    }

    [Fact]
    public void The_beginning_stays_as_it_is_while_the_conversation_grows()
    {
        var reducer = new MiddleOutChatReducer(20 * TokensEach);

        Assert.StartsWith("0 1 2 3 4 5 6 7 8", Numbers(reducer.Compress(Talk(40)).Messages));
        Assert.StartsWith("0 1 2 3 4 5 6 7 8", Numbers(reducer.Compress(Talk(60)).Messages));
        Assert.Equal(Numbers(reducer.Compress(Talk(60)).Messages), Numbers(reducer.Compress(Talk(60)).Messages));
    }

    [Fact]
    public void The_system_the_first_and_the_last_words_of_the_user_and_the_very_last_message_stay()
    {
        List<ChatMessage> talk = [BySystem(Text(0)), .. Talk(10, 1), BySystem(Text(11)), .. Talk(10, 12), .. Enumerable.Range(22, 10).Select(i => Assistant(Text(i)))];

        Assert.Equal("0 1 11 20 31", Numbers(new MiddleOutChatReducer(maxMessages: 1).Compress(talk).Messages));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    [InlineData(300)]
    public void Calls_and_their_results_stay_or_go_together(int tokens)
    {
        var talk = new List<ChatMessage> { User(Text(0)) };
        for (var i = 1; i < 20; i++)
            talk.AddRange([Assistant(Call("same"), Call($"own{i}")), Tool(Result("same", Text(i))), Tool(Result($"own{i}", Text(i)))]);

        var left = new MiddleOutChatReducer(tokens).Compress(talk);

        Assert.InRange(left.TokensAfter, 1, tokens);
        Assert.True(left.RemovedMessages > 0 && left.RemovedMessages % 3 == 0);
        for (var i = 1; i < left.Messages.Count; i += 3)
        {
            var turn = talk.IndexOf(left.Messages[i]);
            Assert.Equal([talk[turn], talk[turn + 1], talk[turn + 2]], left.Messages.Skip(i).Take(3));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_must_stay_but_is_too_much_loses_the_middle_of_its_longest_texts(bool json)
    {
        var longest = "begin" + new string('x', 40_000) + "end";
        object result = json ? JsonSerializer.SerializeToElement(new { text = longest }) : longest;
        List<ChatMessage> talk = [BySystem(new string('s', 400)), User("Look: " + new string('y', 394)), Assistant(Call("a")), Tool(Result("a", result))];
        var before = Lines(talk);

        var compressed = new MiddleOutChatReducer(1_000).Compress(talk);

        Assert.Equal((0, 1), (compressed.RemovedMessages, compressed.ShortenedTexts));
        Assert.InRange(compressed.TokensAfter, 950, 1_000);
        Assert.Equal(talk.Take(3), compressed.Messages.Take(3));
        var text = Assert.IsType<string>(Assert.IsType<FunctionResultContent>(compressed.Messages[3].Contents.Single()).Result);
        Assert.StartsWith(json ? "{\"text\":\"beginxxx" : "beginxxx", text);
        Assert.EndsWith(json ? "xxxend\"}" : "xxxend", text);
        Assert.Matches(@"x\n\[3\d,\d{3} characters left out\]\nx", text);
        Assert.Equal(before, Lines(talk));
    }

    [Fact]
    public void The_last_words_of_the_user_are_shortened_only_if_nothing_else_suffices()
    {
        List<ChatMessage> talk = [User(new string('a', 8_000)), Assistant(new string('b', 8_000)), User(new string('c', 4_000))];

        var spared = new MiddleOutChatReducer(1_500).Compress(talk);
        var all = new MiddleOutChatReducer(300).Compress(talk);

        Assert.Equal((1, 1), (spared.RemovedMessages, spared.ShortenedTexts));
        Assert.Same(talk[2], spared.Messages[^1]);
        Assert.Equal((1, 2), (all.RemovedMessages, all.ShortenedTexts));
        Assert.InRange(all.TokensAfter, 250, 300);
    }

    [Fact]
    public void No_character_is_cut_in_two()
    {
        var faces = string.Concat(Enumerable.Repeat("😀", 5_000));
        for (var limit = 300; limit < 320; limit++)
        {
            var text = new MiddleOutChatReducer(limit).Compress([User(faces)]).Messages[0].Text;

            Assert.Equal(text, new string(text.EnumerateRunes().SelectMany(rune => rune.ToString()).ToArray()));
            Assert.DoesNotContain('\uFFFD', text);
        }
    }

    [Fact]
    public async Task As_a_reducer_it_gives_what_is_left()
    {
        var reducer = new MiddleOutChatReducer(maxMessages: 3);

        Assert.Equal("0 8 9", Numbers(await ((IChatReducer)reducer).ReduceAsync(Talk(10).Select(message => message), default)));
        await Assert.ThrowsAsync<OperationCanceledException>(() => reducer.ReduceAsync(Talk(10), new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Tokens_are_counted_by_the_models_own_counter()
    {
        var counter = new MessagesAsTokens();

        var compressed = new MiddleOutChatReducer(5, null, counter, new Model("m")).Compress(Talk(10));

        Assert.Equal(("0 1 7 8 9", 10, 5), (Numbers(compressed.Messages), compressed.TokensBefore, compressed.TokensAfter));
    }

    [Fact]
    public void What_cannot_be_meant_is_refused()
    {
        Assert.Equal("Neither maxTokens nor maxMessages is set, so nothing would ever be too long. Set one.", Assert.Throws<ArgumentException>(() => new MiddleOutChatReducer()).Message);
        Assert.StartsWith("counter counts the tokens of a model. Set model too.", Assert.Throws<ArgumentException>(() => new MiddleOutChatReducer(1, null, new MessagesAsTokens())).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MiddleOutChatReducer(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MiddleOutChatReducer(maxMessages: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ContextCompression { OutputReserve = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ContextCompression { MaxMessages = 0 });
    }

    private static List<ChatMessage> Talk(int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(i => (i - from) % 2 == 0 ? User(Text(i)) : Assistant(Text(i)))];

    private static string Text(int number) => number.ToString().PadRight(24, '.');

    private static string Numbers(IEnumerable<ChatMessage> messages) => string.Join(' ', messages.Select(message => message.Text.TrimEnd('.')));

    private sealed class MessagesAsTokens : ITokenCounter
    {
        public long Count(IReadOnlyList<ChatMessage> messages, ChatOptions? options, Model model) => messages.Count;
    }
}
