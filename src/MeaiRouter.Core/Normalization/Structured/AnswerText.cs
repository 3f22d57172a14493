using System.Text;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Structured;

/// <summary>The text of an answer, and what else decides whether it is to be JSON.</summary>
internal sealed class AnswerText
{
    private readonly StringBuilder _text = new();

    public AnswerText()
    {
    }

    public AnswerText(ChatResponse response)
    {
        for (var i = 0; i < response.Messages.Count; i++)
            Add(response.Messages[i].Contents);
    }

    public string Text => _text.ToString();

    /// <summary>Whether the model refused, or an error came in band.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Whether the answer says anything; if not, that is what is wrong with it.</summary>
    public bool IsSubstantive { get; private set; }

    public void Add(IList<AIContent> contents)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is TextContent text)
                _text.Append(text.Text);
            HasErrors |= contents[i] is ErrorContent;
            IsSubstantive |= AnswerContent.IsSubstantive(contents[i]);
        }
    }

    /// <summary>The contents with one text in place of all their texts; without any if it has found its place already.</summary>
    /// <param name="contents">The contents. They are not changed.</param>
    /// <param name="text">The text; empty once it has found its place.</param>
    public static IList<AIContent> Replace(IList<AIContent> contents, ref string text)
    {
        List<AIContent>? replaced = null;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is not TextContent old)
            {
                replaced?.Add(contents[i]);
                continue;
            }

            replaced ??= [.. contents.Take(i)];
            if (text.Length > 0)
                replaced.Add(new TextContent(text) { AdditionalProperties = old.AdditionalProperties, Annotations = old.Annotations });
            text = "";
        }

        return replaced ?? contents;
    }
}
