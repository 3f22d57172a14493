using System.Diagnostics;
using System.Text.Json;
using MeaiRouter.Schemas;

namespace MeaiRouter.Core.Tests.Schemas;

public sealed class SchemaCheckTests
{
    private const string Tree = """
        { "$ref": "#/$defs/node", "$defs": { "node": { "type": "object", "required": ["name"], "properties": {
            "name": { "type": "string" }, "children": { "type": "array", "items": { "$ref": "#/$defs/node" } } } } } }
        """;

    [Theory]
    [InlineData("""{"type":"string"}""", "1", "$ must be of type string")]
    [InlineData("""{"type":["string","null"]}""", "1", "$ must be of type string or null")]
    [InlineData("""{"type":"integer"}""", "1.5", "$ must be of type integer")]
    [InlineData("""{"type":"integer"}""", "1.0", null)]
    [InlineData("""{"type":"integer"}""", "1e300", null)]
    [InlineData("""{"enum":["a","b"]}""", "\"c\"", "$ must be one of the 2 values of 'enum'")]
    [InlineData("""{"enum":[1,{"a":[2]}]}""", """{"a":[2.0]}""", null)]
    [InlineData("""{"const":null}""", "0", "$ must be the value of 'const'")]
    [InlineData("""{"properties":{"a":{"properties":{"b":{"type":"string"}}}}}""", """{"a":{"b":1}}""", "$.a.b must be of type string")]
    [InlineData("""{"items":{"properties":{"a":{"type":"string"}}}}""", """[{"a":"x"},{"a":1}]""", "$[1].a must be of type string")]
    [InlineData("""{"required":["a","b"]}""", """{"a":1}""", "$ lacks the required property 'b'")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":false}""", """{"a":1,"secret":2}""", "$.* is not allowed by the schema")]
    [InlineData("""{"additionalProperties":{"type":"number"}}""", """{"secret":"x"}""", "$.* must be of type number")]
    [InlineData("""{"patternProperties":{"^n":{"type":"number"}},"additionalProperties":false}""", """{"n1":1}""", null)]
    [InlineData("""{"patternProperties":{"^n":{"type":"number"}}}""", """{"n1":"x"}""", "$.* must be of type number")]
    [InlineData("""{"propertyNames":{"maxLength":2}}""", """{"abc":1}""", "$.* must have at most 2 characters")]
    [InlineData("""{"minProperties":2}""", """{"a":1}""", "$ must have at least 2 properties")]
    [InlineData("""{"maxProperties":1}""", """{"a":1,"b":2}""", "$ must have at most 1 properties")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "$ lacks the property 'b' that 'a' requires")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"c":1}""", null)]
    [InlineData("""{"prefixItems":[{"type":"string"},{"type":"number"}],"items":false}""", """["a",1]""", null)]
    [InlineData("""{"prefixItems":[{"type":"string"},{"type":"number"}],"items":false}""", """["a","b"]""", "$[1] must be of type number")]
    [InlineData("""{"prefixItems":[{"type":"string"}],"items":false}""", """["a",1]""", "$[1] must not be there")]
    [InlineData("""{"items":[{"type":"string"}],"additionalItems":{"type":"number"}}""", """["a","b"]""", "$[1] must be of type number")]
    [InlineData("""{"minItems":2}""", "[1]", "$ must have at least 2 items")]
    [InlineData("""{"maxItems":1}""", "[1,2]", "$ must have at most 1 items")]
    [InlineData("""{"uniqueItems":true}""", """[{"a":1},{"a":1}]""", "$ must not hold the same item twice")]
    [InlineData("""{"uniqueItems":true}""", "[1,2]", null)]
    [InlineData("""{"minimum":1}""", "0.999", "$ must be at least 1")]
    [InlineData("""{"maximum":1}""", "1.001", "$ must be at most 1")]
    [InlineData("""{"exclusiveMinimum":1}""", "1", "$ must be greater than 1")]
    [InlineData("""{"exclusiveMaximum":1}""", "1.0", "$ must be less than 1")]
    [InlineData("""{"maximum":1e300}""", "1e301", "$ must be at most 1e300")]
    [InlineData("""{"multipleOf":0.1}""", "0.3", null)]
    [InlineData("""{"multipleOf":0.1}""", "0.35", "$ must be a multiple of 0.1")]
    [InlineData("""{"minLength":2}""", "\"🙂\"", "$ must have at least 2 characters")]
    [InlineData("""{"maxLength":1}""", "\"🙂\"", null)]
    [InlineData("""{"pattern":"^[a-z]+$"}""", "\"Abc\"", "$ must match the regular expression of 'pattern'")]
    [InlineData("""{"pattern":"^(?=a)[a-z]+$"}""", "\"bc\"", "$ must match the regular expression of 'pattern'")]
    [InlineData("""{"pattern":"^[a-z"}""", "\"Abc\"", null)]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "1", "$ must fit one of the 2 schemas of 'anyOf'")]
    [InlineData("""{"anyOf":[{"type":"object","required":["a"]},{"type":"null"}]}""", "{}", "$ lacks the required property 'a'")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":5}]}""", "7", "$ fits more than one schema of 'oneOf'")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":5}]}""", "4", null)]
    [InlineData("""{"oneOf":[{"type":"integer"},{"contains":{}}]}""", "4", null)]
    [InlineData("""{"allOf":[{"type":"integer"},{"minimum":5}]}""", "4", "$ must be at least 5")]
    [InlineData("""{"not":{"type":"string"}}""", "\"a\"", "$ must not fit the schema of 'not'")]
    [InlineData("""{"not":{"type":"string"}}""", "1", null)]
    [InlineData("""{"not":{"contains":{}}}""", "[1]", null)]
    [InlineData("""{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}""", """{"a":1}""", "$ lacks the required property 'b'")]
    [InlineData("""{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}""", """{"c":1}""", null)]
    [InlineData(Tree, """{"name":"a","children":[{"name":"b","children":[{"name":"c"}]}]}""", null)]
    [InlineData(Tree, """{"name":"a","children":[{"name":"b","children":[{"nome":"c"}]}]}""", "$.children[0].children[0] lacks the required property 'name'")]
    [InlineData("""{"$ref":"#/definitions/a~1b%20c","definitions":{"a/b c":{"type":"string"}}}""", "1", "$ must be of type string")]
    [InlineData("""{"$ref":"https://acme.example/schema","type":"string"}""", "1", null)]
    [InlineData("""{"$ref":"#/$defs/none","type":"string"}""", "1", null)]
    [InlineData("true", "1", null)]
    [InlineData("false", "1", "$ must not be there")]
    [InlineData("5", "1", null)]
    public void The_first_broken_rule_is_named_with_its_path(string schema, string value, string? problem) =>
        Assert.Equal(problem, Problem(schema, value));

    [Theory]
    [InlineData("date", "2026-02-28", true)]
    [InlineData("date", "2026-02-30", false)]
    [InlineData("date", "28.2.2026", false)]
    [InlineData("date-time", "2026-02-28T12:00:00Z", true)]
    [InlineData("date-time", "2026-02-28T12:00:60.123+01:00", true)]
    [InlineData("date-time", "2026-02-28T12:00:00", true)]
    [InlineData("date-time", "2026-02-28", false)]
    [InlineData("date-time", "2026-02-28T25:00:00Z", false)]
    [InlineData("time", "12:30", true)]
    [InlineData("time", "12:60", false)]
    [InlineData("time", "noon", false)]
    [InlineData("uuid", "0b9d1ad1-9f0b-4ff2-9a2e-0a4a8a5c3c11", true)]
    [InlineData("uuid", "0b9d1ad1", false)]
    [InlineData("ipv4", "10.0.0.1", true)]
    [InlineData("ipv4", "10.0.1", false)]
    [InlineData("ipv6", "::1", true)]
    [InlineData("ipv6", "10.0.0.1", false)]
    [InlineData("email", "a@b.example", true)]
    [InlineData("email", "a at b", false)]
    [InlineData("uri", "https://a.example/x", true)]
    [InlineData("uri", "x", false)]
    [InlineData("colour", "anything", true)]
    public void Formats_are_checked_where_nobody_could_read_the_text_otherwise(string format, string text, bool fits) =>
        Assert.Equal(fits ? null : $"$ must be in the format '{format}'", Problem($$"""{"format":"{{format}}"}""", JsonSerializer.Serialize(text)));

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"allOf":[{"$ref":"#"},{"$ref":"#"}]}""")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"},{"$ref":"#/$defs/b"}]},"b":{"anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}]}}}""")]
    [InlineData("""{"not":{"$ref":"#"}}""")]
    [InlineData("""{"pattern":"^(?=(a+)+$)(a+)+$"}""")]
    [InlineData("""{"pattern":"^((a{500}){500}){500}$"}""")]
    public void No_schema_takes_endless_time(string schema)
    {
        var started = Stopwatch.GetTimestamp();

        Problem(schema, JsonSerializer.Serialize(new string('a', 5_000) + "!"));

        // Far longer than it takes; a check without bounds would take for ever.
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void Half_of_a_character_breaks_nothing() => Assert.Null(Problem("""{"maxLength":1}""", "\"\\ud83d and more\""));

    [Fact]
    public void Random_schemas_and_values_are_judged_without_an_exception()
    {
        var random = new Random(11);
        for (var round = 0; round < 5_000; round++)
        {
            var problem = Problem(RandomJson.Schema(random, 4), RandomJson.Value(random, 4));
            Assert.True(problem is null || problem[0] == '$');
        }
    }

    private static string? Problem(string schema, string value) =>
        SchemaCheck.FirstProblem(JsonElement.Parse(value), JsonElement.Parse(schema))?.ToString();
}
