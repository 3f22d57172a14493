using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Normalization.Requests;

namespace MeaiRouter.Core.Tests.Normalization.Requests;

public sealed class SchemaReducerTests
{
    private static readonly HashSet<string> None = [];

    [Theory]
    [InlineData("minimum,maximum",
        """{"type":"integer","minimum":1,"maximum":9,"description":"A digit."}""",
        """{"type":"integer","description":"A digit. (minimum: 1; maximum: 9)"}""")]
    [InlineData("pattern", """{"type":"string","pattern":"^a+$"}""", """{"type":"string","description":"pattern: \"^a+$\""}""")]
    [InlineData("minimum", // A property may be called like a keyword.
        """{"type":"object","properties":{"minimum":{"type":"integer","minimum":1}},"required":["minimum"]}""",
        """{"type":"object","properties":{"minimum":{"type":"integer","description":"minimum: 1"}},"required":["minimum"]}""")]
    [InlineData("minimum", // So may a value.
        """{"type":"object","enum":[{"minimum":1}],"items":[{"minimum":1}]}""",
        """{"type":"object","enum":[{"minimum":1}],"items":[{"description":"minimum: 1"}]}""")]
    [InlineData("const", """{"const":"a"}""", """{"enum":["a"]}""")]
    [InlineData("const,enum", """{"const":"a"}""", """{"description":"const: \"a\""}""")]
    [InlineData("oneOf", """{"oneOf":[{"type":"string"},{"type":"null"}]}""", """{"anyOf":[{"type":"string"},{"type":"null"}]}""")]
    [InlineData("oneOf,anyOf", """{"anyOf":[{"type":"string"}],"description":"d"}""", """{"description":"d","type":"string"}""")]
    [InlineData("anyOf", """{"anyOf":[{"type":"string"},{"type":"null"}]}""", """{"description":"anyOf: [{\"type\":\"string\"},{\"type\":\"null\"}]"}""")]
    [InlineData("allOf",
        """{"type":"object","properties":{"a":{}},"required":["a"],"allOf":[{"type":"object","properties":{"b":{}},"required":["b"]}]}""",
        """{"type":"object","properties":{"a":{},"b":{}},"required":["a","b"]}""")]
    [InlineData("allOf", """{"allOf":[{"minimum":1},{"minimum":2}]}""", """{"description":"allOf: [{\"minimum\":1},{\"minimum\":2}]"}""")]
    [InlineData("additionalProperties", """{"type":"object","additionalProperties":true}""", """{"type":"object"}""")]
    [InlineData("additionalProperties", """{"type":"object","additionalProperties":false}""", """{"type":"object","description":"additionalProperties: false"}""")]
    [InlineData("$schema,title", """{"$schema":"s","title":"t","type":"string"}""", """{"type":"string"}""")]
    [InlineData("description,minimum", """{"description":"d","minimum":1,"type":"integer"}""", """{"type":"integer"}""")]
    [InlineData("$ref",
        """{"properties":{"a":{"$ref":"#/$defs/A","description":"mine"},"b":{"$ref":"#/definitions/x~1y"}},"$defs":{"A":{"type":"string","description":"its"}},"definitions":{"x/y":{"type":"integer"}}}""",
        """{"properties":{"a":{"type":"string","description":"mine"},"b":{"type":"integer"}}}""")]
    [InlineData("$defs", """{"items":{"$ref":"#/$defs/A"},"$defs":{"A":{"$ref":"#/$defs/B"},"B":{"type":"string"}}}""", """{"items":{"type":"string"}}""")]
    [InlineData("$ref", """{"items":{"$ref":"https://example.com/a.json"}}""", """{"items":{"description":"$ref: https://example.com/a.json"}}""")]
    [InlineData("$ref",
        """{"$ref":"#/$defs/Node","$defs":{"Node":{"type":"object","properties":{"next":{"$ref":"#/$defs/Node"}}}}}""",
        """{"type":"object","properties":{"next":{"type":"object","description":"The same again as 'Node'."}}}""")]
    [InlineData("$ref,minimum", """{"items":{"$ref":"#/$defs/A"},"$defs":{"A":{"minimum":1}}}""", """{"items":{"description":"minimum: 1"}}""")]
    public void A_refused_keyword_is_respelled_or_told_in_the_description(string refused, string schema, string reduced)
    {
        var set = refused.Split(',').ToHashSet();
        var result = new SchemaReducer(set, None).Reduce(JsonElement.Parse(schema));

        Assert.NotNull(result);
        Assert.Equal(JsonNode.Parse(reduced)!.ToJsonString(), JsonNode.Parse(result.Schema.GetRawText())!.ToJsonString());
        Assert.Null(new SchemaReducer(set, None).Reduce(result.Schema));
        Assert.NotEmpty(result.Removed);
    }

    [Theory]
    [InlineData("anyOf", """{"anyOf":[{"type":"object","properties":{"a":{}},"required":["a"]},{"type":"null"}]}""", """{"type":"object","properties":{"a":{}},"required":["a"]}""")]
    [InlineData("oneOf",
        """{"oneOf":[{"type":"object","properties":{"k":{"const":"x"},"a":{"type":"string"}},"required":["k","a"]},{"$ref":"#/$defs/B"}],"$defs":{"B":{"properties":{"k":{"const":"y"}},"required":["k"]}}}""",
        """
        {"$defs":{"B":{"properties":{"k":{"const":"y"}},"required":["k"]}},
         "properties":{"k":{"anyOf":[{"const":"x"},{"const":"y"}]},"a":{"type":"string"}},"required":["k"],"type":"object",
         "description":"oneOf: [{\"type\":\"object\",\"properties\":{\"k\":{\"const\":\"x\"},\"a\":{\"type\":\"string\"}},\"required\":[\"k\",\"a\"]},{\"$ref\":\"#/$defs/B\"}]"}
        """)]
    [InlineData("allOf",
        """{"type":"object","properties":{"a":{"minimum":1}},"allOf":[{"properties":{"a":{"maximum":9},"b":{}},"required":["b"]}]}""",
        """{"type":"object","properties":{"a":{"allOf":[{"minimum":1},{"maximum":9}]},"b":{}},"required":["b"]}""")]
    [InlineData("not,enum", """{"enum":[{}],"not":{"required":["a"]},"description":"d"}""", """{"description":"d (enum: [{}]; not: {\"required\":[\"a\"]})","type":"object"}""")]
    public void Choices_at_the_top_become_one_object_and_stay_where_they_are_further_in(string refused, string schema, string reduced)
    {
        var reducer = new SchemaReducer(None, refused.Split(',').ToHashSet());
        var result = reducer.Reduce(JsonElement.Parse(schema))!;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(reduced), JsonNode.Parse(result.Schema.GetRawText())), result.Schema.GetRawText());
        Assert.Equal(refused.Split(',').Order(), result.Removed);
        Assert.Null(reducer.Reduce(result.Schema));
        Assert.Null(reducer.Reduce(JsonElement.Parse($$$"""{"type":"object","properties":{"inner":{{{schema}}}}}""")));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"minimum":{"type":"string"}}}""")]
    [InlineData("""{"type":"object","default":{"minimum":1},"enum":["minimum"]}""")]
    [InlineData("{}")]
    public void A_schema_without_refused_keywords_is_left_alone(string schema) =>
        Assert.Null(new SchemaReducer(new HashSet<string> { "minimum", "$ref" }, None).Reduce(JsonElement.Parse(schema)));

    [Fact]
    public void References_that_double_at_each_step_do_not_grow_without_end()
    {
        var schema = new StringBuilder("""{"$ref":"#/$defs/d0","$defs":{""");
        for (var i = 0; i < 30; i++)
            schema.Append($$$$"""{{{{(i > 0 ? "," : "")}}}}"d{{{{i}}}}":{"type":"object","properties":{"l":{"$ref":"#/$defs/d{{{{i + 1}}}}"},"r":{"$ref":"#/$defs/d{{{{i + 1}}}}"}}}""");
        schema.Append(""","d30":{"type":"string"}}}""");

        var reduced = new SchemaReducer(new HashSet<string> { "$ref" }, None).Reduce(JsonElement.Parse(schema.ToString()))!;

        Assert.InRange(reduced.Schema.GetRawText().Length, 1_000, 500_000);
        Assert.DoesNotContain("$ref", reduced.Schema.GetRawText());
        Assert.NotNull(JsonSerializer.Serialize(reduced.Schema)); // It must not be too deep to be written.
    }

    [Fact]
    public void A_schema_is_reduced_once_whether_it_comes_with_the_same_tool_or_with_another_of_the_same_text()
    {
        const string Schema = """{"type":"integer","minimum":1}""";
        var cache = SchemaCache.For(new HashSet<string> { "minimum" }, None)!;
        var tool = new object();

        var first = cache.Reduce(tool, JsonElement.Parse(Schema));

        Assert.NotNull(first);
        Assert.Same(first, cache.Reduce(tool, JsonElement.Parse(Schema)));
        Assert.Same(first, cache.Reduce(new object(), JsonElement.Parse(Schema)));
        Assert.Contains("minimum: 2", cache.Reduce(tool, JsonElement.Parse("""{"type":"integer","minimum":2}"""))!.Schema.GetRawText());
        Assert.Null(cache.Reduce(tool, JsonElement.Parse("{}")));
        Assert.Null(SchemaCache.For(None, None));
    }
}
