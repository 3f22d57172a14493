using MeaiRouter.Dialects;
using MeaiRouter.Normalization.Conversation;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Normalization.Conversation.Adapting;

namespace MeaiRouter.Core.Tests.Normalization.Conversation;

/// <summary>Marks for a prompt cache go where the endpoint wants them.</summary>
public sealed class CacheMarkTests
{
    private const string Mark = """{"cache_control":{"type":"ephemeral"}}""";
    private const string Hour = """{"cache_control":{"type":"ephemeral","ttl":"1h"}}""";
    private const string Breakpoint = """{"prompt_cache_breakpoint":{"mode":"explicit"}}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_none_are_taken_all_are_left_out_and_other_fields_stay(bool streaming)
    {
        var options = Options(Mark, """{"cache_control":{"type":"ephemeral"},"user":"u"}""");
        var marked = new ChatMessage(ChatRole.User, [Text("b", Hour)]) { AdditionalProperties = Extra("""{"cache_control":{},"x":1}""") };

        var sent = await Plain.SendAsync(streaming, options, new ChatMessage(ChatRole.System, [Text("a", Breakpoint)]), marked);

        Assert.Equal(["system: a", """user: b {"x":1}"""], sent.Lines);
        Assert.Equal("""{"user":"u"}f""", Extras(sent.Options).Trim());
        Assert.Equal(["Marks for a prompt cache were left out: the dialect 'plain' takes none."], sent.Notes);
    }

    [Fact]
    public async Task Where_they_are_taken_on_parts_they_stay_as_they_are()
    {
        ChatMessage[] messages = [new(ChatRole.System, [Text("a", Mark)]), new(ChatRole.User, [Text("b", Mark)])];

        var sent = await Taking(CacheMarks.OnParts).SendAsync(false, Options(Mark, null), messages);

        Assert.Equal(messages, sent.Messages);
        Assert.Equal("f " + Mark, Extras(sent.Options));
        Assert.Empty(sent.Notes);
    }

    [Fact]
    public async Task Of_too_many_the_last_are_kept_and_the_one_on_what_conversations_share()
    {
        ChatMessage[] messages = [new(ChatRole.System, [Text("s", Mark)]), .. "abcde".Select(letter => new ChatMessage(ChatRole.User, [Text(letter.ToString(), Mark)]))];

        var sent = await Taking(CacheMarks.OnParts).SendAsync(false, Options(Mark, null), messages);

        Assert.Equal(["system: s " + Mark, "user: a", "user: b", "user: c " + Mark, "user: d " + Mark, "user: e " + Mark], sent.Lines);
        Assert.Equal("f", Extras(sent.Options));
        Assert.Equal(["Marks for a prompt cache that the endpoint does not take there, or not so many of, were left out: 3."], sent.Notes);
        var one = await new Dialect("d") { Caching = new() { Marks = CacheMarks.OnParts, MaxBreakpoints = 1 } }.SendAsync(messages);
        Assert.Equal("user: e " + Mark, one.Lines.Single(line => line.Contains("cache")));
    }

    [Fact]
    public async Task Where_only_the_last_part_counts_only_it_is_marked()
    {
        var sent = await Taking(CacheMarks.LastPart).SendAsync(
            false, Options(Mark, null), new ChatMessage(ChatRole.System, [Text("s", Mark)]), new ChatMessage(ChatRole.User, [Text("a", Mark), new TextContent("b")]));

        Assert.Equal(["system: s", $"user: a {Mark} + b"], sent.Lines);
        Assert.Equal("f", Extras(sent.Options));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_hour_is_left_out_where_it_is_not_taken(bool taken)
    {
        var dialect = new Dialect("d") { Caching = new() { Marks = CacheMarks.OnParts, TakesOneHour = taken } };

        var sent = await dialect.SendAsync(false, Options(Hour, null), new ChatMessage(ChatRole.User, [Text("a", Hour)]));

        Assert.Equal("user: a " + (taken ? Hour : Mark), sent.Lines.Single());
        Assert.Equal("f " + (taken ? Hour : Mark), Extras(sent.Options));
        Assert.Equal(taken ? [] : ["How long marked parts of the prompt are to be cached was left out: the endpoint does not take it."], sent.Notes);
    }

    [Fact]
    public async Task The_wish_to_cache_the_whole_prompt_marks_its_last_part()
    {
        var dialect = Taking(CacheMarks.OnParts);
        var options = Options(null, """{"cache_control":{"type":"ephemeral"},"user":"u"}""");

        var sent = await dialect.SendAsync(false, options, User("a"), Assistant(Call("c")), Tool(Result("c", "1")), Assistant(new TextReasoningContent("Hm")));

        Assert.Equal("tool: c=1 " + Mark, sent.Lines[2]);
        Assert.Equal("""{"user":"u"}f""", Extras(sent.Options).Trim());
        Assert.Contains("The wish to cache the prompt became a mark on its last part.", sent.Notes);
        var twice = await dialect.SendAsync(false, Options(null, Mark), new ChatMessage(ChatRole.User, [Text("a", Hour)]));
        Assert.Equal("user: a " + Mark, twice.Lines.Single());
    }

    [Fact]
    public async Task A_mark_on_a_message_becomes_one_on_its_last_part()
    {
        var image = new DataContent(new byte[] { 1 }, "image/png");
        var message = new ChatMessage(ChatRole.User, [new TextContent("a"), image, new TextContent("")]) { AdditionalProperties = Extra(Mark) };

        var sent = await Taking(CacheMarks.OnParts).SendAsync(message);

        Assert.Equal($"user: a + [image/png] {Mark} + ", sent.Lines.Single());
        Assert.Equal(image.Data.ToArray(), ((DataContent)sent.Messages[0].Contents[1]).Data.ToArray());
        Assert.Equal(["Marks for a prompt cache on messages were put on their last parts."], sent.Notes);
    }

    [Fact]
    public async Task Marks_are_respelled_both_ways()
    {
        var toBreakpoints = await Taking(CacheMarks.Breakpoints).SendAsync(
            false, Options(Mark, null), new ChatMessage(ChatRole.System, [Text("s", Hour)]), User("a"), Assistant(Text("b", Mark)), new ChatMessage(ChatRole.User, [Text("c", Breakpoint)]));
        var toMarks = await Taking(CacheMarks.OnParts).SendAsync(new ChatMessage(ChatRole.User, [Text("c", Breakpoint)]));

        Assert.Equal(["system: s " + Breakpoint, "user: a", "assistant: b", "user: c " + Breakpoint], toBreakpoints.Lines);
        Assert.Equal("f", Extras(toBreakpoints.Options));
        Assert.Equal(
            [
                "Marks for a prompt cache were respelled as the endpoint has them.",
                "Marks for a prompt cache that the endpoint does not take there, or not so many of, were left out: 2.",
            ],
            toBreakpoints.Notes);
        Assert.Equal(["user: c " + Mark], toMarks.Lines);
    }

    [Fact]
    public async Task A_tool_without_its_mark_is_the_same_function()
    {
        var sent = await Plain.SendAsync(false, Options(Mark, null), User("a"));

        var function = Assert.IsAssignableFrom<AIFunction>(sent.Options!.Tools!.Single());
        Assert.Equal(("f", "42"), (function.Name, (await function.InvokeAsync())?.ToString()));
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public void A_content_without_its_mark_is_otherwise_the_same(AIContent content)
    {
        content.AdditionalProperties = Extra(Mark);
        content.AdditionalProperties["mine"] = 1;
        content.Annotations = [new AIAnnotation()];
        content.RawRepresentation = "raw";

        var copy = ContentCopies.WithProperties(content, ExtraBody.With(content.AdditionalProperties, "cache_control", null))!;

        Assert.Equal(content.GetType(), copy.GetType());
        foreach (var property in content.GetType().GetProperties().Where(property => property.Name is not ("AdditionalProperties" or "Data" or "Base64Data")))
            Assert.Equal(property.GetValue(content), property.GetValue(copy));
        Assert.Equal(["mine"], copy.AdditionalProperties!.Keys);
    }

    public static TheoryData<AIContent> Contents =>
    [
        new TextContent("t"), new TextReasoningContent("r") { ProtectedData = "p" }, new DataContent(new byte[] { 1 }, "image/png") { Name = "n" },
        new UriContent("https://a/b", "image/png"), new HostedFileContent("f") { Name = "n", MediaType = "text/plain" },
        new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["x"] = 1 }), new FunctionResultContent("c", "r"),
    ];

    private static Dialect Taking(CacheMarks marks) => new("d") { Caching = new() { Marks = marks } };

    private static TextContent Text(string text, string extra) => new(text) { AdditionalProperties = Extra(extra) };

    private static ChatOptions Options(string? onTool, string? onRequest) => new()
    {
        Tools = [AIFunctionFactory.Create(() => 42, new AIFunctionFactoryOptions { Name = "f", AdditionalProperties = onTool is null ? null : Extra(onTool) })],
        AdditionalProperties = onRequest is null ? null : Extra(onRequest),
    };
}
