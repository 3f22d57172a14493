using System.Collections.Frozen;
using MeaiRouter.OpenAI;

namespace MeaiRouter.Configuration;

/// <summary>Reads what a dialect of the configuration spells otherwise than its base.</summary>
internal static class SpellingReader
{
    /// <summary>The spelling, for every model, with what the section names.</summary>
    public static RequestSpelling Over(RequestSpelling spelling, SectionReader? section)
    {
        if (section is null)
            return spelling;

        var (limit, reasoning, usage) = (section.Flag("MaxCompletionTokens"), section.Choice<ReasoningSpelling>("Reasoning"), section.Flag("AsksForUsage"));
        var (prefill, schemas) = (section.Choice<PrefillSpelling>("Prefill"), section.Choice<SchemaSpelling>("Schemas"));
        var (files, audio, required) = (section.Choice<FileSpelling>("Files"), section.Choice<AudioSpelling>("Audio"), section.Text("RequiredToolChoice"));
        var renames = section.NamedTexts("Renames").ToFrozenDictionary();
        var control = ReadControl(section.Section("ReasoningControl"));

        RequestSpelling Change(RequestSpelling before) => before with
        {
            MaxCompletionTokens = limit ?? before.MaxCompletionTokens,
            Reasoning = reasoning ?? before.Reasoning,
            ReasoningControl = control ?? before.ReasoningControl,
            Renames = renames.Count == 0 ? before.Renames : renames,
            AsksForUsage = usage ?? before.AsksForUsage,
            Prefill = prefill ?? before.Prefill,
            Schemas = schemas ?? before.Schemas,
            Files = files ?? before.Files,
            Audio = audio ?? before.Audio,
            RequiredToolChoice = required ?? before.RequiredToolChoice,
        };

        return Change(spelling) with { Models = [.. spelling.Models.Select(variation => variation with { Spelling = Change(variation.Spelling) })] };
    }

    // Whole or not at all: half of one provider's way and half of another's is nobody's.
    private static ReasoningControlSpelling? ReadControl(SectionReader? section) => section is null
        ? null
        : new ReasoningControlSpelling
        {
            Effort = section.Text("Effort"),
            EffortWords = section.NamedTexts("EffortWords").ToFrozenDictionary(),
            Budget = section.Text("Budget"),
            Switch = section.Text("Switch"),
            On = section.Text("On"),
            Off = section.Text("Off"),
            SwitchesOnForBudget = section.Flag("SwitchesOnForBudget") ?? false,
            TakesObject = section.Flag("TakesObject") ?? false,
        };
}
