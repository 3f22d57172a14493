namespace MeaiRouter.Dialects;

/// <summary>Forms in which models write calls of tools into their text when the server does not read them out.</summary>
[Flags]
public enum TextToolCalls
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>&lt;tool_call&gt;{"name": ..., "arguments": {...}}&lt;/tool_call&gt;</c>, as Hermes and Qwen write them.</summary>
    Hermes = 1,

    /// <summary><c>[TOOL_CALLS][{"name": ..., "arguments": {...}}]</c>, as Mistral's models write them.</summary>
    Mistral = 2,

    /// <summary>An answer that is nothing but <c>{"name": ..., "parameters": {...}}</c>, with or without <c>&lt;|python_tag|&gt;</c>, as Llama's models write it.</summary>
    Llama = 4,

    /// <summary>All of them.</summary>
    Any = Hermes | Mistral | Llama,
}
