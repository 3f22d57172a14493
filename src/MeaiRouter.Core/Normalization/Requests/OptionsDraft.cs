using System.Text.Json.Nodes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>Options that are cloned at the first change, and their extra body likewise.</summary>
internal struct OptionsDraft(ChatOptions original)
{
    private ChatOptions? _changed;
    private JsonObject? _extra;

    public readonly ChatOptions Current => _changed ?? original;

    /// <summary>The options to change.</summary>
    public ChatOptions Change() => _changed ??= RouteContext.Copy(original);

    /// <summary>The extra body to change.</summary>
    public JsonObject ChangeExtra()
    {
        if (_extra is null)
        {
            _extra = ExtraBody.Copy(Current);
            (Change().AdditionalProperties ??= [])[ExtraBody.Key] = _extra;
        }

        return _extra;
    }

    /// <summary>Takes a field out of the extra body, if it is there.</summary>
    public void RemoveExtra(string name)
    {
        if (ExtraBody.Has(Current, name))
            ChangeExtra().Remove(name);
    }

    /// <summary>Appends a paragraph to the instructions, unless they hold it already.</summary>
    public void Instruct(string paragraph)
    {
        var instructions = Current.Instructions;
        if (string.IsNullOrWhiteSpace(instructions))
            Change().Instructions = paragraph;
        else if (!instructions.Contains(paragraph, StringComparison.Ordinal))
            Change().Instructions = $"{instructions}\n\n{paragraph}";
    }

    /// <summary>The options, the original instance where nothing was changed.</summary>
    public ChatOptions Done()
    {
        if (_extra is { Count: 0 })
            Change().AdditionalProperties!.Remove(ExtraBody.Key);
        return Current;
    }
}
