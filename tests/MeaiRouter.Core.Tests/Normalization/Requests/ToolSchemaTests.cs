using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Requests;

public sealed class ToolSchemaTests
{
    private static readonly Dialect Picky = new("picky") { Tools = new() { RefusedSchemaKeywords = new HashSet<string> { "minimum", "$ref" } } };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_is_sent_with_a_schema_the_endpoint_takes_and_the_rest_of_it_as_it_is(bool streaming)
    {
        var add = AIFunctionFactory.Create((int left, int right) => left + right, "add", "Adds.");
        var picky = Adapting.Tool("roll", """{"type":"object","properties":{"sides":{"$ref":"#/$defs/Sides"}},"$defs":{"Sides":{"type":"integer","minimum":2}}}""", strict: true);

        var (sent, _, notes) = await Adapting.ArriveAsync(streaming, Picky, new() { Tools = [add, picky] });

        Assert.Same(add, sent.Tools![0]);
        var roll = Assert.IsType<AIFunctionDeclaration>(sent.Tools[1], exactMatch: false);
        Assert.Equal("""{"type":"object","properties":{"sides":{"type":"integer","description":"minimum: 2"}}}""", roll.JsonSchema.GetRawText());
        Assert.Equal(("roll", "Does roll.", true), (roll.Name, roll.Description, roll.AdditionalProperties["strict"]));
        Assert.Same(picky, roll.GetService(picky.GetType()));
        Assert.Equal(["acme/m: The tool 'roll' was sent without what the endpoint's schemas must not hold ($defs, $ref, minimum); descriptions say it instead."], notes);
    }

    [Fact]
    public async Task A_function_with_another_name_or_schema_can_still_be_invoked_further_in()
    {
        var dialect = new Dialect("d") { Tools = new() { RefusedSchemaKeywords = new HashSet<string> { "type" } } };
        var add = AIFunctionFactory.Create((int left, int right) => left + right, "add.numbers");

        var (sent, _, _) = await Adapting.ArriveAsync(false, dialect, new() { Tools = [add] });

        var function = Assert.IsType<AIFunction>(Assert.Single(sent.Tools!), exactMatch: false);
        Assert.NotEqual("add.numbers", function.Name);
        Assert.Equal("3", (await function.InvokeAsync(new() { ["left"] = 1, ["right"] = 2 }))?.ToString());
    }
}
