import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTextDisplayOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Language, Text } from '../model/text.ts';
import { noData } from './words.ts';

export const datasource = { type: 'prometheus', uid: '${datasource}' };

/** What every panel says of itself. */
export interface Frame {
  /** Stable: links of the form viewPanel=ID and alerts name it. */
  readonly id: number;
  readonly title: Text;
  readonly description: Text;
  /** Columns of 24 */
  readonly span: number;
  readonly height: number;
  /** What it says where it has nothing to show. It must hold without any data too. @default no data */
  readonly nothing?: Text;
}

/** The part of the SDK's panel builders that they share. */
interface Framed {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(ref: typeof datasource): this;
  span(columns: number): this;
  height(rows: number): this;
  noValue(text: string): this;
}

/** Says a panel of itself what `frame` says; where it has no data, it says that. */
export const framed = <B extends Framed>(builder: B, frame: Frame, language: Language): B =>
  builder
    .id(frame.id)
    .title(frame.title[language])
    .description(frame.description[language])
    .datasource(datasource)
    .span(frame.span)
    .height(frame.height)
    .noValue((frame.nothing ?? noData)[language]);

const latest = () => new ReduceDataOptionsBuilder().calcs(['lastNotNull']);
const one = (color: string) => new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color);

/** Large figures in a list. They are plain: a judgement is a word of its own beside them, with its colour. */
export const stat = (frame: Frame, language: Language): StatBuilder =>
  framed(new StatBuilder(), frame, language)
    .reduceOptions(latest())
    // In a list and of one size: left to itself, Grafana makes all as small as the longest word needs.
    .orientation(VizOrientation.Horizontal)
    .text(new VizTextDisplayOptionsBuilder().titleSize(16).valueSize(24))
    .graphMode(BigValueGraphMode.None)
    .colorMode(BigValueColorMode.Value)
    .colorScheme(one('text'));

export const bars = (frame: Frame, language: Language): BarGaugeBuilder =>
  framed(new BarGaugeBuilder(), frame, language)
    .reduceOptions(latest())
    .orientation(VizOrientation.Horizontal)
    .min(0)
    .colorScheme(one('blue'));

/** Lines over time. A gap stays a gap: missing data is never joined, stacked or shown as 0. */
export const lines = (frame: Frame, language: Language): TimeSeriesBuilder =>
  framed(new TimeSeriesBuilder(), frame, language)
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(2)
    .spanNulls(false)
    .axisSoftMin(0)
    // Not palette-colorblind: a Grafana that does not know it yet refuses the whole panel. Legends name every line.
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['lastNotNull']),
    );
