using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization.Requests;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Requests;

public sealed class FormatTests
{
    private const string Schema = """{"type":"object","properties":{"n":{"type":"integer","minimum":1}}}""";

    private static readonly ChatResponseFormat Asked = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(Schema), "numbers", "A number.");

    [Theory]
    [InlineData("json")]
    [InlineData("schema")]
    public async Task A_format_that_is_not_streamed_is_asked_for_in_words_where_a_stream_is(string form)
    {
        var dialect = new Dialect("d") { Formats = new() { MayBeStreamed = false } };
        var options = new ChatOptions { ResponseFormat = form == "json" ? ChatResponseFormat.Json : Asked };

        var (whole, _, none) = await Adapting.ArriveAsync(false, dialect, options);
        var (streamed, _, notes) = await Adapting.ArriveAsync(true, dialect, options);

        Assert.Equal((form, null), (FormOf(whole.ResponseFormat), whole.Instructions));
        Assert.Empty(none);
        Assert.Equal("none", FormOf(streamed.ResponseFormat));
        Assert.StartsWith("Answer with one JSON", streamed.Instructions, StringComparison.Ordinal);
        Assert.Equal(["acme/m: The endpoint does not stream answers in a `response_format`; the format was put into the instructions."], notes);
    }

    [Theory]
    [InlineData(true, true, "schema", "")]
    [InlineData(false, true, "json", "and `json_object` was sent")]
    [InlineData(false, false, "none", "the format was put into the instructions.")]
    public async Task A_schema_is_asked_for_in_the_strongest_form_the_endpoint_takes(bool takesSchema, bool takesJson, string form, string note)
    {
        var dialect = new Dialect("d") { Formats = new() { TakesJsonSchema = takesSchema, TakesJsonObject = takesJson } };
        foreach (var streaming in new[] { false, true })
        {
            var options = new ChatOptions { ResponseFormat = Asked, Instructions = "Be brief." };
            var (sent, _, notes) = await Adapting.ArriveAsync(streaming, dialect, options);
            var (extra, _, _) = await Adapting.ArriveAsync(
                streaming, dialect, new ChatOptions { Instructions = "Be brief." }.WithExtra(
                    $$$"""{ "response_format": { "type": "json_schema", "json_schema": { "name": "numbers", "description": "A number.", "schema": {{{Schema}}} } } }"""));

            Assert.Equal(form, FormOf(sent.ResponseFormat));
            if (takesSchema)
            {
                Assert.Same(Asked, sent.ResponseFormat);
                Assert.Equal("Be brief.", sent.Instructions);
                Assert.Contains("json_schema", extra.Extra());
                Assert.Empty(notes);
                continue;
            }

            Assert.Equal(
                "Be brief.\n\nAnswer with one JSON value that satisfies this JSON Schema and nothing else: no text around it and no code fence.\n"
                + $"What it describes: A number.\n{Schema}", sent.Instructions);
            Assert.Equal((form, sent.Instructions, ""), (FormOf(extra.ResponseFormat), extra.Instructions, extra.Extra()));
            Assert.Contains("The request asks for `json_schema`, which the dialect 'd' does not take;", Assert.Single(notes));
            Assert.Contains(note, notes[0]);
            Assert.Equal("Be brief.", options.Instructions);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_endpoints_own_list_says_which_formats_it_takes(bool streaming)
    {
        var endpoint = new ModelEndpoint("acme", "m") { SupportedParameters = ["response_format"] };
        var none = new ModelEndpoint("acme", "m") { SupportedParameters = ["temperature"] };

        Assert.Equal("json", FormOf((await Adapting.ArriveAsync(streaming, endpoint, new() { ResponseFormat = Asked })).Options.ResponseFormat));
        Assert.Equal("none", FormOf((await Adapting.ArriveAsync(streaming, none, new() { ResponseFormat = Asked })).Options.ResponseFormat));
        var json = await Adapting.ArriveAsync(streaming, none, new() { ResponseFormat = ChatResponseFormat.Json });
        Assert.Equal((null, "Answer with one JSON object and nothing else: no text around it and no code fence."), (json.Options.ResponseFormat, json.Options.Instructions));
        var text = await Adapting.ArriveAsync(streaming, none, new() { ResponseFormat = ChatResponseFormat.Text });
        Assert.Equal((null, 0), (text.Options.ResponseFormat, text.Notes.Count));
    }

    [Theory]
    [InlineData("Give me Json.", null, true)]
    [InlineData("Give me an object.", "Always json.", true)]
    [InlineData("Give me an object.", "Be brief.", false)]
    public async Task The_word_is_put_into_the_instructions_where_the_endpoint_insists_on_it_and_nobody_said_it(string prompt, string? instructions, bool isSaid)
    {
        var dialect = new Dialect("d") { Formats = new() { JsonObjectNeedsTheWord = true } };
        foreach (var streaming in new[] { false, true })
        {
            var (sent, _, notes) = await Adapting.ArriveAsync(
                streaming, dialect, new() { ResponseFormat = ChatResponseFormat.Json, Instructions = instructions }, new ChatMessage(ChatRole.User, prompt));

            Assert.Same(ChatResponseFormat.Json, sent.ResponseFormat);
            Assert.Equal(
                isSaid ? instructions : $"{instructions}\n\nAnswer with one JSON object and nothing else: no text around it and no code fence.", sent.Instructions);
            Assert.Equal(isSaid ? 0 : 1, notes.Count);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Beside_tools_that_forbid_it_a_format_is_asked_for_in_words(bool streaming)
    {
        var dialect = new Dialect("d") { Tools = new() { MayBeUsedWithFormat = false } };

        var (sent, _, notes) = await Adapting.ArriveAsync(streaming, dialect, new() { ResponseFormat = Asked, Tools = [Adapting.Tool("one")] });
        var alone = await Adapting.ArriveAsync(streaming, dialect, new() { ResponseFormat = Asked });

        Assert.Null(sent.ResponseFormat);
        Assert.StartsWith("Once you call no more tools, answer with one JSON value that satisfies this JSON Schema", sent.Instructions);
        Assert.Equal(["acme/m: The endpoint does not take tools and a `response_format` in one request; the format was put into the instructions."], notes);
        Assert.Same(Asked, alone.Options.ResponseFormat);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_schema_is_sent_without_what_the_endpoint_refuses_and_checked_against_as_it_was(bool streaming)
    {
        var dialect = new Dialect("d") { Formats = new() { RefusedSchemaKeywords = new HashSet<string> { "minimum" } } };
        const string Reduced = """{"type":"object","properties":{"n":{"type":"integer","description":"minimum: 1"}}}""";
        var both = new ChatOptions { ResponseFormat = Asked }.WithExtra(
            $$$"""{ "response_format": { "type": "json_schema", "json_schema": { "name": "numbers", "strict": true, "schema": {{{Schema}}} } } }""");

        var (sent, _, notes) = await Adapting.ArriveAsync(streaming, dialect, both);

        var format = Assert.IsType<ChatResponseFormatJson>(sent.ResponseFormat);
        Assert.Equal((Reduced, "numbers", "A number."), (format.Schema!.Value.GetRawText(), format.SchemaName, format.SchemaDescription));
        Assert.Equal($$$$"""{"response_format":{"type":"json_schema","json_schema":{"name":"numbers","strict":true,"schema":{{{{Reduced}}}}}}}""", sent.Extra());
        Assert.Equal(["acme/m: The schema of the answer was sent without what the endpoint's schemas must not hold (minimum); descriptions say it instead."], notes);
        Assert.Equal(Schema, StructuredRequest.Of(both)!.Schema!.Value.GetRawText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_format_that_only_its_provider_knows_is_refused_elsewhere(bool streaming)
    {
        var options = new ChatOptions().WithExtra("""{ "response_format": { "type": "grammar", "grammar": "x" } }""");
        var endpoint = new ModelEndpoint("acme", "m") { SupportedParameters = ["temperature"] };

        var failure = await Assert.ThrowsAsync<RouterException>(() => Adapting.ArriveAsync(streaming, endpoint, options));

        Assert.Equal(FailureKind.Unsupported, failure.Kind);
        Assert.Contains("`response_format` that the endpoint's list of supported parameters does not take", failure.Message);
        Assert.Contains("grammar", (await Adapting.ArriveAsync(streaming, Dialect.Default, options)).Options.Extra());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_wants_his_parameters_as_they_are_gets_no_emulation(bool streaming)
    {
        var failure = await Adapting.RefusedAsync(
            streaming, new Dialect("d") { Formats = new() { TakesJsonSchema = false } }, new() { ResponseFormat = Asked });

        Assert.Contains("The request asks for `json_schema`, which the dialect 'd' does not take. Remedy: choose an endpoint that takes it,", failure.Message);
    }

    private static string FormOf(ChatResponseFormat? format) => format switch
    {
        null => "none",
        ChatResponseFormatJson { Schema: not null } => "schema",
        ChatResponseFormatJson => "json",
        _ => "text",
    };
}
