using System.Collections;
using System.Text.Json;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Tests.Codec;

public sealed class WireObjectTests
{
    private static readonly WireJsonContext Metadata = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });

    [Fact]
    public void Every_member_of_a_wire_type_is_a_field_in_the_order_of_its_members()
    {
        foreach (var converter in WireObjects.Strict.All)
        {
            var members = Metadata.GetTypeInfo(converter.Type!)!.Properties.Where(static member => !member.IsExtensionData).Select(static member => member.Name);
            var fields = ((IEnumerable)converter).Cast<object>().Select(static field => field.ToString()!);

            // What is read and dropped has no member.
            Assert.Equal(members, fields.Except(["obfuscation"]));
        }
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user"},{"role":7}]}""", "$.messages[1].role")]
    [InlineData("""{"messages":[{"content":[{"type":"text"},5]}]}""", "$.messages[0].content[1]")]
    [InlineData("""{"response_format":{"json_schema":{"strict":"yes"}}}""", "$.response_format.json_schema.strict")]
    [InlineData("""{"max_tokens":99999999999}""", "$.max_tokens")]
    [InlineData("""{"model":"a","od.d":[}""", "$['od.d']")]
    [InlineData("""{"model":"a",}""", "$")]
    public void An_error_names_the_path_of_what_cannot_be_read(string json, string path)
    {
        var error = Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize(json, WireJson.Strict.ChatCompletionRequest));

        Assert.Equal(path, error.Path);
        Assert.Contains($" Path: {path}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"mod\u0065l":"a"}""", """{"model":"a"}""")]
    [InlineData("""{"seed":1,"model":"a"}""", """{"model":"a","seed":1}""")]
    [InlineData("""{"model":"a","model":"b"}""", """{"model":"b"}""")]
    [InlineData("""{"model":"a","model":null}""", "{}")]
    [InlineData("""{"odd":null,"model":"a","od\"d":{"a":[1]}}""", """{"model":"a","odd":null,"od\"d":{"a":[1]}}""")]
    [InlineData("""{"stream_options":{"odd":[1]}}""", """{"stream_options":{}}""")]
    [InlineData("""{"messages":[null,{"role":"user"}]}""", """{"messages":[null,{"role":"user","content":null}]}""")]
    public void Fields_are_found_in_any_order_and_spelling_and_others_are_kept(string json, string written)
    {
        var request = JsonSerializer.Deserialize(json, WireJson.Strict.ChatCompletionRequest)!;

        Assert.Equal(written, JsonSerializer.Serialize(request, WireJson.Strict.ChatCompletionRequest));
    }
}
